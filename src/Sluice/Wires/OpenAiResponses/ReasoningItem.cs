namespace Sluice.Wires.OpenAiResponses;

/// <summary>
/// What a reasoning item must bring back to its issuer: its id and its encrypted content. The records hold both as one signature,
/// <c>rs_1:gAAAA…</c>.
/// </summary>
internal static class ReasoningItem
{
    private const string IdPrefix = "rs_";

    /// <summary>Stands before reasoning that its issuer withholds: this wire has one member for both kinds.</summary>
    private const string RedactedPrefix = "redacted:";

    public static string Join(string? id, string encrypted) =>
        id is not null && id.StartsWith(IdPrefix, StringComparison.Ordinal) ? $"{id}:{encrypted}" : encrypted;

    /// <returns>The id, where there is one, and the encrypted content; empty where only the issuer has it.</returns>
    public static (string? Id, string Encrypted) Split(string signature) =>
        signature.StartsWith(IdPrefix, StringComparison.Ordinal) && signature.IndexOf(':') is > 0 and var mark
            ? (signature[..mark], signature[(mark + 1)..])
            : (null, signature);

    public static string Redacted(string data) => RedactedPrefix + data;

    /// <returns>The data withheld, or <see langword="null"/> where the content is no such thing.</returns>
    public static string? ReadRedacted(string encrypted) =>
        encrypted.StartsWith(RedactedPrefix, StringComparison.Ordinal) ? encrypted[RedactedPrefix.Length..] : null;
}
