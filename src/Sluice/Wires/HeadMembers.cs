using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The members of a request that every wire has and that decide how it is treated: of another type, they are no guess of ours.</summary>
internal static class HeadMembers
{
    /// <summary>The model or route that is asked; empty for none.</summary>
    /// <exception cref="RequestException">It is no text.</exception>
    public static string Model(JsonMembers members) =>
        members.Value("model") is { IsEmpty: false } value
            ? JsonText.String(value) ?? throw new RequestException("'model' is not a text", "model")
            : "";

    /// <summary>The end user, as OpenAI's and Anthropic's clients name him; <see langword="null"/> for none.</summary>
    public static string? User(JsonMembers members) =>
        JsonText.String(members.Value("user"))
        ?? JsonText.String(members.Value("safety_identifier"))
        ?? (members.Object("metadata") is { } metadata ? JsonText.String(metadata.Value("user_id")) : null);

    /// <exception cref="RequestException">It is neither true nor false.</exception>
    public static bool Stream(JsonMembers members) =>
        members.Value("stream") is { IsEmpty: false } value
        && (
            JsonText.IsTrue(value)
            || (value.SequenceEqual("false"u8) ? false : throw new RequestException("'stream' is neither true nor false", "stream"))
        );
}
