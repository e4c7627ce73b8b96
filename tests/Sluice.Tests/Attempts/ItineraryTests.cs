using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;

namespace Sluice.Tests.Attempts;

public sealed class ItineraryTests
{
    private static readonly Snapshot Snapshot = new ConfigurationCompiler(_ => "key").CompileText(
        $$"""
        {
          "providers": { "p": { "preset": "openai" } },
          "routes": {
            "a": { "default": true, "targets": [{{Target("a1")}}, {{Target("a2")}}], "fallback": { "*": "b", "ContextTooLong": "long" } },
            "b": { "targets": [{{Target("b1")}}], "fallback": "c" },
            "c": { "targets": [{{Target("c1")}}] },
            "long": { "targets": [{{Target("l1")}}] }
          }
        }
        """,
        "/",
        1
    );

    [Theory]
    [InlineData("a", FailureClass.Transient, "a1 a2 b1 c1")]
    [InlineData("a", FailureClass.ContextTooLong, "a1 a2 l1")]
    [InlineData("c", FailureClass.Transient, "c1")]
    [InlineData("p/gpt-4o-mini", FailureClass.Transient, "gpt-4o-mini")]
    public void Advance_GoesThroughTheRouteAndItsFallbacks(string route, FailureClass failure, string models)
    {
        var itinerary = new Itinerary(Snapshot.Table.Resolve(route), Snapshot.Table);
        var way = new List<string>();
        var more = true;
        while (itinerary.Advance(failure) is { } stop)
        {
            more.ShouldBeTrue();
            way.Add(stop.Target.Model);
            more = itinerary.Follows(failure);
        }

        more.ShouldBeFalse();
        string.Join(' ', way).ShouldBe(models);
    }

    private static string Target(string model) =>
        $$"""{ "provider": "p", "model": "{{model}}", "unlisted": true, "price": { "input": "1", "output": "1" } }""";
}
