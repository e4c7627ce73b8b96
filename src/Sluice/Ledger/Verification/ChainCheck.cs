using Sluice.Ledger.Chain;

namespace Sluice.Ledger.Verification;

/// <summary>Follows the chain from entry to entry, and finds out what happened where it breaks.</summary>
/// <remarks>
/// An entry whose hash does not fit is a suspect: either it was changed, or what stands before it. Which, is told by what follows
/// (a chain that goes on from the hash as written clears the one after) and by trying the suspects in each other's place.
/// </remarks>
internal sealed class ChainCheck
{
    /// <summary>Suspects that are remembered; more are only counted, for the ledger is another one then.</summary>
    private const int MostSuspects = 10_000;

    /// <summary>Suspects that are tried in each other's place.</summary>
    private const int MostTried = 200;

    private readonly List<Suspect> _suspects = [];
    private readonly List<long> _unreadable = [];
    private readonly List<Finding> _findings = [];
    private string[] _previous = [LedgerEntry.Genesis];
    private bool _afterLink = true;
    private long _expected = 1;

    /// <summary>Breaks so far.</summary>
    public long Breaks { get; private set; }

    /// <summary>Goes on behind a closed segment.</summary>
    /// <param name="hashes">What the next entry may be chained to: the link as it stands, and as it should be where that differs.</param>
    public void Follow(long next, params string[] hashes) => (_expected, _previous, _afterLink) = (next, hashes, true);

    public void Check(StoredEntry stored)
    {
        if (stored.Sequence > _expected)
        {
            Gap(_expected, stored.Sequence - 1);
        }

        _expected = stored.Sequence + 1;
        if (stored.Entry is not { } entry)
        {
            Breaks++;
            _unreadable.Add(stored.Sequence);
            _previous = [];
        }
        else if (_previous.Length == 0 || Array.Exists(_previous, hash => entry.HashAfter(hash) == entry.Hash))
        {
            _previous = [entry.Hash];
        }
        else
        {
            Breaks++;
            if (_suspects.Count < MostSuspects)
            {
                _suspects.Add(new Suspect(entry, _previous, _afterLink));
            }

            _previous = [entry.Hash, entry.HashAfter(_previous[0])];
        }

        _afterLink = false;
    }

    /// <summary>Notes that entries up to and including <paramref name="last"/> should have come.</summary>
    public void ExpectUpTo(long last)
    {
        if (_expected <= last)
        {
            Gap(_expected, last);
            _expected = last + 1;
        }
    }

    /// <summary>What was found, in the order of the chain.</summary>
    /// <param name="end">The last entry there is: what is missing behind it was cut off, which others say.</param>
    public IReadOnlyList<Finding> Conclude(long end)
    {
        var known = new Dictionary<long, string>();
        var places = new Dictionary<long, long>();
        var changed = new SortedSet<long>(_unreadable);
        foreach (var suspect in _suspects)
        {
            var place = suspect.Entry.Sequence;
            string[] before = !suspect.AfterLink && known.TryGetValue(place - 1, out var hash) ? [hash] : suspect.Before;
            if (Array.Exists(before, b => suspect.Entry.HashAfter(b) == suspect.Entry.Hash))
            {
                known[place] = suspect.Entry.Hash;
            }
            else if (Belongs(place, before) is { } other)
            {
                known[place] = other.Hash;
                places[other.Sequence] = place;
            }
            else
            {
                changed.Add(place);
            }
        }

        _findings.AddRange(Misplaced(places));
        _findings.AddRange(Ranges(changed.Where(place => !places.ContainsKey(place) && !places.ContainsValue(place))));
        return
        [
            .. _findings
                .Where(f => f.Kind != FindingKind.Missing || f.First <= end)
                .OrderBy(f => f.First)
                .Select(f => f with { Message = Sentence(f) }),
        ];
    }

    private void Gap(long first, long last)
    {
        Breaks++;
        _findings.Add(new Finding(FindingKind.Missing, first, last, ""));
        _previous = [];
    }

    private LedgerEntry? Belongs(long place, string[] before) =>
        _suspects.Count > MostTried
            ? null
            : _suspects.Find(s => Array.Exists(before, b => s.Entry.HashAt(place, b) == s.Entry.Hash))?.Entry;

    private static IEnumerable<Finding> Misplaced(Dictionary<long, long> places)
    {
        foreach (var (stands, belongs) in places)
        {
            if (places.TryGetValue(belongs, out var back) && back == stands)
            {
                if (stands < belongs)
                {
                    yield return new Finding(FindingKind.Swapped, stands, belongs, "");
                }
            }
            else
            {
                yield return new Finding(FindingKind.Moved, stands, stands, $"belongs at {belongs}");
            }
        }
    }

    private static IEnumerable<Finding> Ranges(IEnumerable<long> places)
    {
        (long First, long Last)? range = null;
        foreach (var place in places.Append(long.MaxValue))
        {
            if (range is { } open && open.Last + 1 == place)
            {
                range = (open.First, place);
                continue;
            }

            if (range is { } done)
            {
                yield return new Finding(FindingKind.Changed, done.First, done.Last, "");
            }

            range = (place, place);
        }
    }

    private static string Sentence(Finding f) =>
        (f.Kind, f.First == f.Last) switch
        {
            (FindingKind.Missing, true) => $"entry {f.First} is missing",
            (FindingKind.Missing, false) => $"entries {f.First} to {f.Last} are missing",
            (FindingKind.Swapped, _) => $"entries {f.First} and {f.Last} were swapped",
            (FindingKind.Moved, _) => $"entry {f.First} {f.Message}",
            (_, true) => $"entry {f.First} was changed",
            _ => $"entries {f.First} to {f.Last} are not what was written",
        };

    /// <param name="Before">What it may be chained to.</param>
    /// <param name="AfterLink">Whether that is the link of a segment, and not an entry that may be a suspect itself.</param>
    private sealed record Suspect(LedgerEntry Entry, string[] Before, bool AfterLink);
}
