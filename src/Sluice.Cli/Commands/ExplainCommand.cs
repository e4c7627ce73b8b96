using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Cli.Commands;

/// <summary>`sluice explain`: where a call would go, in what order, why, and what it could cost at worst. No network call is made.</summary>
internal static class ExplainCommand
{
    private const int SampleBytes = 4_000;

    public static Command Create()
    {
        var route = new Argument<string>("ROUTE") { Description = "A route, model id or provider/model.", DefaultValueFactory = _ => "" };
        var config = SharedOptions.Config();
        var json = SharedOptions.Json();
        var command = new Command("explain", "Say where a call to a route would go, in what order and why, and its worst-case cost.")
        {
            route,
            config,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var setup = await Setup.CreateAsync(parsed.GetValue(config), cancellationToken).ConfigureAwait(false);
                await using (setup.ConfigureAwait(false))
                {
                    var snapshot = setup.Load(1);
                    var asked = snapshot.Table.Resolve(parsed.GetValue(route)!);
                    var places = Places(snapshot, asked).ToList();
                    Console.WriteLine(parsed.GetValue(json) ? Json(asked, places).ToJsonString() : Text(asked, places));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static IEnumerable<Place> Places(Snapshot snapshot, Route asked)
    {
        for (var (route, because) = (asked, asked.Pinned ? "pinned: never substituted" : "listed"); route is not null; )
        {
            foreach (var target in route.Targets)
            {
                var limit = Math.Min(route.MaxOutput, target.Card.MaxOutput);
                var bounds = HoldBounds.Of(new CallFeatures(), target.Card, SampleBytes, limit, route.ServerToolRounds);
                var worst = target.Card.PriceAt(TimeProvider.System.GetUtcNow()) is { } price ? bounds.At(price).ToString() : "unknown";
                yield return new Place(route.Name, target.Name, because, target.Provider.Missing, worst, limit);
            }

            var fallback = asked.Pinned ? null : snapshot.Table.FallbackOf(route, FailureClass.Transient);
            because = fallback is null ? "" : $"fallback of {route.Name} ({fallback.Tier.ToString().ToLowerInvariant()})";
            route = fallback!;
        }
    }

    private static string Text(Route asked, List<Place> places) =>
        string.Join(
            Environment.NewLine,
            places
                .Select(
                    (p, i) =>
                        $"  {i + 1}. {p.Target}  [{p.Because}]{(p.Missing is null ? "" : $"  would not be tried: {p.Missing}")}  worst case {p.Worst} USD"
                )
                .Prepend(
                    $"{(asked.Name.Length == 0 ? "default" : asked.Name)} ({asked.Tier.ToString().ToLowerInvariant()}), for a prompt of {SampleBytes} bytes:"
                )
        );

    private static JsonObject Json(Route asked, List<Place> places) =>
        new()
        {
            ["route"] = asked.Name,
            ["tier"] = asked.Tier.ToString().ToLowerInvariant(),
            ["targets"] = new JsonArray([
                .. places.Select(p =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["target"] = p.Target,
                            ["route"] = p.Route,
                            ["because"] = p.Because,
                            ["refused"] = p.Missing,
                            ["worstCase"] = p.Worst,
                            ["outputLimit"] = p.OutputLimit,
                        }
                ),
            ]),
        };

    private sealed record Place(string Route, string Target, string Because, string? Missing, string Worst, int OutputLimit);
}
