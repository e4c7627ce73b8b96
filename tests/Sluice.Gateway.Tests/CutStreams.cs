using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Routes whose first target is cut, and what became of their calls.</summary>
public static class CutStreams
{
    public static TheoryData<string> Clients => [.. StreamReading.Protocols];

    /// <summary>The provider whose wire is the client's own, so that frames pass as they are.</summary>
    internal static string OwnOf(string client) =>
        client switch
        {
            "chat" => "oai",
            "responses" => "rsp",
            "messages" => "ant",
            "gemini" => "gem",
            _ => "oll",
        };

    internal static void IsCut(StreamReading reading, bool whole)
    {
        whole.ShouldBeFalse("the response must end without its terminating chunk");
        (reading.Ends, reading.Errors).ShouldBe((0, 1));
    }

    internal static IEnumerable<string> Outcomes(JsonElement receipt) =>
        receipt.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("outcome").GetString()!);

    internal static void Booked(GatewayFixture fixture, JsonElement receipt)
    {
        var ledger = fixture.Gateway.Engine.Ledger;
        ledger.Writer.Drain();
        ledger.OpenHolds.ShouldBe(0);
        var entries = ledger.Store.OfCall(receipt.GetProperty("call").GetString()!);
        entries.Select(e => e.Settlement.Outcome.ToString()).ShouldBe(Outcomes(receipt), ignoreOrder: true);
        entries.Sum(e => e.Settlement.Cost.Dollars).ShouldBe(receipt.GetProperty("cost").GetDecimal());
    }

    internal static async Task<(StreamReading Reading, bool Whole, HttpResponseMessage Response)> AskAsync(
        GatewayFixture fixture,
        string client,
        string text = "hello",
        string more = ""
    )
    {
        var (path, body) = StreamReading.Ask(client, "r", text, more);
        var response = await fixture.PostAsync(path, body);
        var (answer, whole) = await StreamTests.ReadAsync(response);
        return (StreamReading.Read(client, answer), whole, response);
    }

    internal static Task<GatewayFixture> StartAsync(params (string Provider, string Model)[] targets) =>
        GatewayFixture.StartAsync(Route("continue", targets));

    internal static string Route(params (string Provider, string Model)[] targets) => Route("continue", targets);

    internal static string Route(string onCut, params (string Provider, string Model)[] targets) =>
        $$"""
            "routes": { "r": { "onCut": "{{onCut}}", "targets": [{{string.Join(
                ", ",
                targets.Select(t => GatewayFixture.Sim(t.Provider, t.Model))
            )}}] } }
            """;
}
