namespace Sluice.Ledger.Rollups;

/// <summary>What is summed up over entries. The order is that of columns and of the text that is hashed.</summary>
internal enum Figure
{
    /// <summary>Entries: one for each attempt.</summary>
    Attempts,

    /// <summary>Of them, those that a provider took on.</summary>
    Calls,

    /// <summary>Of the attempts, those whose usage the provider did not report.</summary>
    Unreported,
    InputTokens,
    CacheReadTokens,
    CacheWriteTokens,
    CacheWrite1hTokens,
    OutputTokens,
    ReasoningTokens,
    InputAudioTokens,
    CacheReadAudioTokens,
    OutputAudioTokens,
    InputImageTokens,
    CacheReadImageTokens,
    OutputImageTokens,
    WebSearches,

    /// <summary>In nano-dollars.</summary>
    Cost,
}
