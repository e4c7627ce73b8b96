namespace Sluice.Wires.Gemini;

/// <summary>Reasoning that its issuer withholds travels to Gemini's clients as a signature with this mark before it.</summary>
/// <remarks>The mark is base64 for nine bytes, so that what follows it stays base64 for clients that decode signatures.</remarks>
internal static class RedactedMark
{
    private const string Mark = "cmVkYWN0ZWQ6";

    public static string Put(string data) => Mark + data;

    /// <summary>The withheld reasoning, where a signature stands for some.</summary>
    public static string? Take(string signature) => signature.StartsWith(Mark, StringComparison.Ordinal) ? signature[Mark.Length..] : null;
}
