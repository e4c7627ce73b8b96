namespace Sluice.Money;

/// <summary>Tokens guessed from bytes, for answers that say they are a guess; money is never reckoned with it.</summary>
/// <remarks>English and code come to about four bytes a token with every vendor's tokenizer, other scripts to fewer. Rounded up.</remarks>
internal static class TokenEstimate
{
    private const long BytesPerToken = 4;

    /// <summary>About how many tokens so many bytes of UTF-8 are; none for none.</summary>
    public static long Of(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
