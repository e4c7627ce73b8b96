using System.CommandLine;
using System.Globalization;

namespace Sluice.Cli.Commands;

/// <summary>The options that name a span of time.</summary>
internal sealed class LedgerSpan
{
    public Option<string?> From { get; } =
        new("--from") { Description = "The first day or moment, in UTC: 2026-01-31 or 2026-01-31T14:00Z.", HelpName = "TIME" };

    public Option<string?> To { get; } =
        new("--to") { Description = "The last day, included, or the moment it ends before.", HelpName = "TIME" };

    public (DateTimeOffset? From, DateTimeOffset? Until) Read(ParseResult parsed) =>
        (Read(parsed.GetValue(From), "--from", dayEnds: false), Read(parsed.GetValue(To), "--to", dayEnds: true));

    private static DateTimeOffset? Read(string? text, string option, bool dayEnds)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out var day))
        {
            return dayEnds ? day.AddDays(1) : day;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var moment)
            ? moment
            : throw new UserException($"{option}: '{text}' is no time; write 2026-01-31 or 2026-01-31T14:00Z");
    }
}
