using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger.Chain;

/// <summary>A run of entries that is closed, and later removed, as a whole.</summary>
/// <remarks>
/// A closed segment is a link of the chain itself: its <see cref="Hash"/> covers its last entry, its sums and its days, and is what
/// the first entry of the next segment is chained to. When retention removes the entries, the link stays and the chain still
/// verifies; nobody can change what it says without breaking everything after it.
/// </remarks>
internal sealed record LedgerSegment
{
    /// <summary>From 1 without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>The sequence of its first entry.</summary>
    public required long First { get; init; }

    /// <summary>The sequence of its last entry.</summary>
    public required long Last { get; init; }

    /// <summary>When its first entry was booked.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When its newest entry was booked; retention counts from here.</summary>
    public required DateTimeOffset NewestAt { get; init; }

    /// <summary>The earliest hold among its entries.</summary>
    public required DateTimeOffset FirstHeldAt { get; init; }

    /// <summary>The latest hold among its entries.</summary>
    public required DateTimeOffset LastHeldAt { get; init; }

    /// <summary>The hash of the segment before; <see cref="LedgerEntry.Genesis"/> for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>The hash of its last entry.</summary>
    public required string LastHash { get; init; }

    /// <summary>The sums over its entries; only of a closed one.</summary>
    public RollupSums Sums { get; init; }

    /// <summary>The hash over its days; only of a closed one.</summary>
    public string RollupHash { get; init; } = "";

    /// <summary>SHA-256 over all of it; empty while it is open.</summary>
    public string Hash { get; init; } = "";

    /// <summary>When retention took its entries.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    public long Count => Last - First + 1;

    public bool IsClosed => Hash.Length > 0;

    /// <summary>The segment with its link made.</summary>
    public LedgerSegment Close(RollupSums sums, string rollupHash)
    {
        var closed = this with { Sums = sums, RollupHash = rollupHash };
        return closed with { Hash = closed.ComputeHash() };
    }

    /// <summary>The hash its fields must have.</summary>
    public string ComputeHash() =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"segment\n{PreviousHash}\n{Number}\n{First}\n{Last}\n{Count}\n{OpenedAt.UtcTicks}\n{NewestAt.UtcTicks}\n{FirstHeldAt.UtcTicks}\n{LastHeldAt.UtcTicks}\n{LastHash}\n{Sums}\n{RollupHash}"
                    )
                )
            )
        );
}
