using static Sluice.Gateway.Tests.CutStreams;

namespace Sluice.Gateway.Tests;

/// <summary>A stream is cut and nobody can go on with it: an honest error in the form of the client's protocol, never half an answer as success.</summary>
public sealed class CutStaysCutTests
{
    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task Cut_NextTargetSaysSomethingElse_IsAnHonestError(string client)
    {
        await using var fixture = await StartAsync((OwnOf(client), "sim-tokens-60+cut-40"), ("backup", "sim-delay-600s"));

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        IsCut(reading, whole);
        reading.Text.ShouldBe(string.Join(' ', Enumerable.Range(1, 40).Select(i => $"t{i}")));
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeFalse();
        receipt.TryGetProperty("continued", out var __).ShouldBeFalse();
        Outcomes(receipt).ShouldBe(["Cut", "Aborted"]);
        Booked(fixture, receipt);
    }

    [Fact]
    public async Task Cut_EverybodySaysSomethingElse_IsAnHonestErrorWithinTheLimitOfAttempts()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Route(("oai", "sim-tokens-60+cut-40"), ("backup", "sim-delay-600s"), ("pool", "sim-tokens-30"), ("oai", "sim-tokens-60"))
                + """, "budgets": [{ "name": "call", "limit": "3 calls", "per": "call" }]"""
        );

        var (reading, whole, response) = await AskAsync(fixture, "chat");
        using var _ = response;

        IsCut(reading, whole);
        reading.Text.ShouldEndWith("t40");
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeFalse();
        receipt.TryGetProperty("continued", out var __).ShouldBeFalse();
        Outcomes(receipt).ShouldBe(["Cut", "Aborted", "Completed"]);
        receipt.GetProperty("rejections")[0].GetProperty("gate").GetString().ShouldBe("budget");
        Booked(fixture, receipt);
    }

    [Fact]
    public async Task Cut_NextTargetSaysLess_IsAnHonestError()
    {
        await using var fixture = await StartAsync(("oai", "sim-tokens-60+cut-40"), ("backup", "sim-tokens-30"));

        var (reading, whole, response) = await AskAsync(fixture, "chat");
        using var _ = response;

        IsCut(reading, whole);
        reading.Text.ShouldEndWith("t40");
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeFalse();
        Outcomes(receipt).ShouldBe(["Cut", "Completed"]);
        Booked(fixture, receipt);
    }

    [Fact]
    public async Task Cut_AfterReasoningThatIsSigned_IsAnHonestError()
    {
        await using var fixture = await StartAsync(("ant", "sim-tokens-60+cut-40"), ("glm", "sim-tokens-60"));

        var (reading, whole, response) = await AskAsync(fixture, "messages", "[think] hello");
        using var _ = response;

        IsCut(reading, whole);
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task EverybodyIsCut_IsAnHonestError()
    {
        await using var fixture = await StartAsync(("oai", "sim-tokens-60+cut-20"), ("backup", "sim-tokens-60+cut-35"));

        var (reading, whole, response) = await AskAsync(fixture, "chat");
        using var _ = response;

        IsCut(reading, whole);
        reading.Text.ShouldEndWith("t35");
        var receipt = await fixture.ReceiptAsync(response);
        Outcomes(receipt).ShouldBe(["Cut", "Cut"]);
        receipt.GetProperty("complete").GetBoolean().ShouldBeFalse();
        Booked(fixture, receipt);
    }

    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task BudgetHasNoRoomForTheSecondHold_IsAnHonestError(string client)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Route((OwnOf(client), "sim-tokens-60+cut-40"), ("backup", "sim-tokens-60"))
                + """, "budgets": [{ "name": "small", "limit": "1 calls", "per": "month" }]"""
        );

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        IsCut(reading, whole);
        var receipt = await fixture.ReceiptAsync(response);
        Outcomes(receipt).ShouldBe(["Cut"]);
        receipt.GetProperty("rejections")[0].GetProperty("gate").GetString().ShouldBe("budget");
        fixture.Simulator.Requests.Count.ShouldBe(1);
        Booked(fixture, receipt);
    }

    [Theory]
    [InlineData("", "hello", "error")]
    [InlineData(",\"response_format\":{\"type\":\"json_object\"}", "hello", "continue")]
    [InlineData(",\"n\":2", "hello", "continue")]
    [InlineData(
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]",
        "[tool] go",
        "continue"
    )]
    public async Task WhereTwoAnswersCannotBeOne_NobodyElseIsAsked(string more, string text, string onCut)
    {
        await using var fixture = await GatewayFixture.StartAsync(Route(onCut, ("oai", "sim-cut-3"), ("backup", "sim")));

        var (reading, whole, response) = await AskAsync(fixture, "chat", text, more);
        using var _ = response;

        IsCut(reading, whole);
        fixture.Simulator.Requests.Count.ShouldBe(1);
        Booked(fixture, await fixture.ReceiptAsync(response));
    }

    [Fact]
    public async Task Pin_IsNotGoneOnWith()
    {
        await using var fixture = await StartAsync(("oai", "sim"), ("backup", "sim"));

        var (path, body) = StreamReading.Ask("chat", "free/sim-tokens-60+cut-40");
        using var response = await fixture.PostAsync(path, body);
        var (text, whole) = await StreamTests.ReadAsync(response);

        IsCut(StreamReading.Read("chat", text), whole);
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }
}
