using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Ledger.Chain;

namespace Sluice.Ledger.Rollups;

/// <summary>One line of a report.</summary>
/// <param name="Values">Of the dimensions asked for, in their order; empty for none.</param>
internal sealed record ReportRow(IReadOnlyList<string> Values, RollupSums Sums);

/// <summary>What was consumed and spent, told apart as asked: from rollups only, whatever the number of entries.</summary>
/// <param name="Rows">By time where time is asked for, else the dearest first.</param>
/// <param name="Total">Of all calls once, also where tags count some of them twice.</param>
internal sealed record LedgerReport(IReadOnlyList<ReportRow> Rows, RollupSums Total)
{
    private static readonly DateTimeOffset Beginning = DateTimeOffset.MinValue;
    private static readonly DateTimeOffset End = RollupSlot.StartOf(RollupGrain.Day, DateTimeOffset.MaxValue);

    /// <param name="by">What to tell apart; nothing gives one line.</param>
    /// <param name="from">The first hour; <see langword="null"/> for the beginning.</param>
    /// <param name="until">The hour after the last; <see langword="null"/> for now.</param>
    /// <exception cref="LedgerException">The span needs hours that are kept as days only, or parts of hours.</exception>
    public static LedgerReport Of(ILedgerView view, IReadOnlyList<Dimension> by, DateTimeOffset? from, DateTimeOffset? until)
    {
        var rows = new Dictionary<string, (string[] Values, RollupSums Sums)>(StringComparer.Ordinal);
        var total = default(RollupSums);
        foreach (var query in Queries(view, by, from ?? Beginning, until ?? End))
        {
            foreach (var row in view.Sums(query))
            {
                total += row.Sums;
                foreach (var tag in TagsOf(row, by))
                {
                    var values = by.Select(dimension => Value(row.Slot, dimension, tag)).ToArray();
                    ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, string.Join('\n', values), out _);
                    line = (values, line.Sums + row.Sums);
                }
            }
        }

        var lines = rows.Values.Select(r => new ReportRow(r.Values, r.Sums));
        return new LedgerReport(
            by.Any(IsTime)
                ? [.. lines.OrderBy(l => string.Join('\n', l.Values), StringComparer.Ordinal)]
                : [.. lines.OrderByDescending(l => l.Sums.Cost).ThenBy(l => string.Join('\n', l.Values), StringComparer.Ordinal)],
            total
        );
    }

    private static bool IsTime(Dimension dimension) => dimension is Dimension.Hour or Dimension.Day or Dimension.Month;

    /// <summary>Whole days from days, the edges from hours.</summary>
    private static IEnumerable<RollupQuery> Queries(
        ILedgerView view,
        IReadOnlyList<Dimension> by,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        if (RollupSlot.StartOf(RollupGrain.Hour, from) != from || RollupSlot.StartOf(RollupGrain.Hour, until) != until)
        {
            throw new LedgerException("a report begins and ends on whole hours");
        }

        var (kept, byTime) = (by.ToHashSet(), by.Any(IsTime));
        RollupQuery Part(RollupGrain grain, DateTimeOffset first, DateTimeOffset end) => new(first, end, grain, byTime, kept);
        if (by.Contains(Dimension.Hour))
        {
            if (by.Contains(Dimension.User))
            {
                throw new LedgerException("end users are told apart by day; ask by day, not by hour");
            }

            yield return Part(RollupGrain.Hour, Kept(view, from, from == Beginning), until);
            yield break;
        }

        var firstDay = RollupSlot.StartOf(RollupGrain.Day, from) is var start && start == from ? start : start.AddDays(1);
        var endDay = RollupSlot.StartOf(RollupGrain.Day, until);
        if (by.Contains(Dimension.User))
        {
            if (from != firstDay || until != endDay)
            {
                throw new LedgerException("end users are told apart by day; give whole days");
            }

            yield return Part(RollupGrain.UserDay, from, until);
        }

        if (endDay < firstDay)
        {
            yield return Part(RollupGrain.Hour, Kept(view, from, false), until);
            yield break;
        }

        if (from < firstDay)
        {
            yield return Part(RollupGrain.Hour, Kept(view, from, false), firstDay);
        }

        yield return Part(RollupGrain.Day, firstDay, endDay);
        if (endDay < until)
        {
            yield return Part(RollupGrain.Hour, Kept(view, endDay, false), until);
        }
    }

    /// <summary>Where hours may begin: those of removed segments are gone.</summary>
    private static DateTimeOffset Kept(ILedgerView view, DateTimeOffset from, bool moveOn)
    {
        var removed = view.Segments().Where(s => s.RemovedAt is not null).Select(s => s.LastHeldAt).DefaultIfEmpty(Beginning).Max();
        var first = removed == Beginning ? Beginning : RollupSlot.StartOf(RollupGrain.Hour, removed).AddHours(1);
        return from >= first ? from
            : moveOn ? first
            : throw new LedgerException($"hours before {first:yyyy-MM-dd HH:mm}Z are kept as days; give whole days");
    }

    private static string[] TagsOf(RollupRow row, IReadOnlyList<Dimension> by) =>
        by.Contains(Dimension.Tag) ? row.Slot.Key.Tags.Split(',') : [""];

    private static string Value(RollupSlot slot, Dimension dimension, string tag)
    {
        var key = slot.Key;
        return dimension switch
        {
            Dimension.Provider => key.Provider,
            Dimension.Model => key.Model,
            Dimension.Route => key.RouteAsked,
            Dimension.ActualRoute => key.Route,
            Dimension.Key => key.Key,
            Dimension.Role => key.Role,
            Dimension.Account => key.Account,
            Dimension.Tenant => key.Tenant,
            Dimension.User => key.User,
            Dimension.Tag => tag,
            Dimension.Outcome => key.Outcome.ToString(),
            Dimension.Hour => Time(slot, "yyyy-MM-ddTHH:00Z"),
            Dimension.Day => Time(slot, "yyyy-MM-dd"),
            _ => Time(slot, "yyyy-MM"),
        };
    }

    private static string Time(RollupSlot slot, string format) =>
        new DateTimeOffset(slot.Start, TimeSpan.Zero).ToString(format, CultureInfo.InvariantCulture);
}
