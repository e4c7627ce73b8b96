using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sluice.Money;

namespace Sluice.Ledger.Rollups;

/// <summary>The figures of any number of entries, added up.</summary>
[InlineArray(Length)]
internal struct RollupSums : IEquatable<RollupSums>
{
    public const int Length = (int)Figure.Cost + 1;

    private long _first;

    public static ImmutableArray<Figure> Figures { get; } = [.. Enum.GetValues<Figure>()];

    public long this[Figure figure]
    {
        readonly get => this[(int)figure];
        set => this[(int)figure] = value;
    }

    public readonly Credits Cost => new(this[Figure.Cost]);

    public static RollupSums Of(LedgerEntry entry)
    {
        var u = entry.Settlement.Usage;
        return new RollupSums
        {
            [Figure.Attempts] = 1,
            [Figure.Calls] = entry.Settlement.AmountIn(BudgetUnit.Calls, entry.Hold.Attempt),
            [Figure.Unreported] = u.Evidence == UsageEvidence.Reported ? 0 : 1,
            [Figure.InputTokens] = u.InputTokens,
            [Figure.CacheReadTokens] = u.CacheReadTokens,
            [Figure.CacheWriteTokens] = u.CacheWriteTokens,
            [Figure.CacheWrite1hTokens] = u.CacheWrite1hTokens,
            [Figure.OutputTokens] = u.OutputTokens,
            [Figure.ReasoningTokens] = u.ReasoningTokens,
            [Figure.InputAudioTokens] = u.InputAudioTokens,
            [Figure.CacheReadAudioTokens] = u.CacheReadAudioTokens,
            [Figure.OutputAudioTokens] = u.OutputAudioTokens,
            [Figure.InputImageTokens] = u.InputImageTokens,
            [Figure.CacheReadImageTokens] = u.CacheReadImageTokens,
            [Figure.OutputImageTokens] = u.OutputImageTokens,
            [Figure.WebSearches] = u.WebSearchRequests,
            [Figure.Cost] = entry.Settlement.Cost.Nano,
        };
    }

    /// <exception cref="OverflowException">A sum does not fit.</exception>
    public static RollupSums operator +(RollupSums left, RollupSums right)
    {
        var sums = left;
        for (var i = 0; i < Length; i++)
        {
            sums[i] = checked(sums[i] + right[i]);
        }

        return sums;
    }

    public static bool operator ==(RollupSums left, RollupSums right) => left.Equals(right);

    public static bool operator !=(RollupSums left, RollupSums right) => !left.Equals(right);

    public readonly bool Equals(RollupSums other) => ((ReadOnlySpan<long>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is RollupSums other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[Length - 1]);

    /// <summary>All figures in their order, as they are hashed.</summary>
    public override readonly string ToString() => string.Join('\n', ((ReadOnlySpan<long>)this).ToArray());
}
