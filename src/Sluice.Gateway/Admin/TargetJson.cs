using System.Text.Json.Nodes;
using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Gateway.Admin;

/// <summary>How every target of the configuration stands, key by key, as JSON.</summary>
internal static class TargetJson
{
    public static JsonArray Write(SluiceEngine engine)
    {
        var targets = engine
            .Configuration.Current.Routes.Values.SelectMany(r => r.Targets)
            .DistinctBy(t => t.Name)
            .OrderBy(t => t.Name, StringComparer.Ordinal);
        return new JsonArray([
            .. targets.SelectMany(t => t.Provider.Credentials.Select(c => (JsonNode)Write(t, c, engine.Health.Peek(t, c)))),
        ]);
    }

    private static JsonObject Write(Target target, Credential credential, HealthView view) =>
        new()
        {
            ["provider"] = target.Provider.Name,
            ["model"] = target.Model,
            ["credential"] = credential.Id,
            ["state"] = view.Breaker.State.ToString().ToLowerInvariant(),
            ["share"] = view.Breaker.Share,
            ["failures"] = view.Breaker.Failures,
            ["inFlight"] = view.InFlight,
            ["admits"] = view.Admits && target.Provider.Missing is null,
            ["reason"] = target.Provider.Missing ?? view.Reason,
            ["retryAfterSeconds"] = view.RetryAfter is { } wait ? Math.Round(wait.TotalSeconds, 3) : null,
            ["fact"] = view.Fact is { } fact
                ? new JsonObject
                {
                    ["failure"] = fact.Failure.ToString(),
                    ["learnedAt"] = fact.LearnedAt,
                    ["until"] = fact.Until,
                }
                : null,
        };
}
