using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>Compares a duration.</summary>
internal static class SpanCheck
{
    public static IEnumerable<string> Failures(SpanExpectation? expect, TimeSpan took, string path, Tolerance tolerance)
    {
        if (expect?.Min is { } least && took < least - tolerance.Early)
        {
            yield return $"{path}.min: expected at least {Story.Seconds(least)}, was {Story.Seconds(took)}";
        }

        if (expect?.Max is { } most && took > most + tolerance.Late)
        {
            yield return $"{path}.max: expected at most {Story.Seconds(most)}, was {Story.Seconds(took)}";
        }
    }
}
