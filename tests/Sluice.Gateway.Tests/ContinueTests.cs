using Sluice.Simulator;
using Sluice.Testing;
using static Sluice.Gateway.Tests.CutStreams;

namespace Sluice.Gateway.Tests;

/// <summary>A stream is cut after its client has seen some of it, and the next target goes on with it: for every protocol and every wire behind it.</summary>
public sealed class ContinueTests
{
    private const int Tokens = 60;

    private static readonly string Whole = string.Join(' ', Enumerable.Range(1, Tokens).Select(i => $"t{i}"));

    /// <summary>Providers by the protocol that their wire is; of the others each once.</summary>
    private static readonly string[] Providers = ["oai", "ant", "rsp", "gem", "oll", "aws"];

    /// <summary>Each client before each provider that goes on.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var client in StreamReading.Protocols)
            {
                foreach (var second in Providers)
                {
                    pairs.Add(client, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Cut_FirstOfTheClientsWire_NothingIsLostOrRepeated(string client, string second) =>
        GoesOnAsync(client, OwnOf(client), second);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Pairs))]
    public Task Cut_FirstOfAnotherWire_NothingIsLostOrRepeated(string client, string second) =>
        GoesOnAsync(client, client == "chat" ? "ant" : "oai", second);

    private static async Task GoesOnAsync(string client, string first, string second)
    {
        await using var fixture = await StartAsync((first, "sim-tokens-60+cut-40"), (second, "sim-tokens-60"));

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        (reading.Ends, reading.Errors).ShouldBe((1, 0));
        reading.Finish.ShouldBeOneOf("stop", "completed", "end_turn", "STOP");
        reading.Ids.Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        reading.Models.Distinct().ShouldBe(["sim-tokens-60+cut-40"]);
        reading.Input.ShouldBeGreaterThan(0);
        reading.Output.ShouldBe(second == "ant" ? Estimated(40) + 20 : Tokens);
        Fits(client, reading);
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("continued").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("target").GetString().ShouldBe($"{second}/sim-tokens-60");
        receipt.GetProperty("usage").GetProperty("outputTokens").GetInt64().ShouldBe(reading.Output);
        Outcomes(receipt).ShouldBe(["Cut", "Completed"]);
        Booked(fixture, receipt);
    }

    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task Cut_NextTargetRejectsABeginning_IsAskedAnew(string client)
    {
        await using var fixture = await StartAsync((OwnOf(client), "sim-tokens-60+cut-40"), ("glm", "sim-tokens-60+noprefill"));

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        (reading.Ends, reading.Errors, reading.Output).ShouldBe((1, 0, Tokens));
        Fits(client, reading);
        var receipt = await fixture.ReceiptAsync(response);
        Outcomes(receipt).ShouldBe(["Cut", "Failed", "Completed"]);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        Booked(fixture, receipt);
    }

    [Theory]
    [InlineData("oai")]
    [InlineData("ant")]
    public async Task Cut_AfterReasoningNobodySigned_NextTargetGoesOnAndItsOwnIsLeftOut(string second)
    {
        await using var fixture = await StartAsync(("oai", "sim-tokens-60+cut-40"), (second, "sim-tokens-60"));

        var (path, body) = StreamReading.Ask("chat", "r", "[think] hello");
        using var response = await fixture.PostAsync(path, body);
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        StreamReading.Read("chat", text).Text.ShouldBe(Whole);
        text.Split("reasoning_content").Length.ShouldBe(2);
        var receipt = await fixture.ReceiptAsync(response);
        // Who goes on from a beginning does not think before it.
        receipt
            .GetProperty("degradations")
            .EnumerateArray()
            .Select(d => d.GetProperty("feature").GetString())
            .ShouldBe(second == "oai" ? ["reasoning"] : []);
    }

    [Theory]
    [InlineData("ant", false)]
    [InlineData("backup", true)]
    public async Task Second_IsAskedWithWhatWasSentOrAnew(string second, bool anew)
    {
        await using var fixture = await StartAsync(("oai", "sim-tokens-9+cut-4"), (second, "sim-tokens-9"));

        var (reading, whole, response) = await AskAsync(fixture, "messages", more: ",\"temperature\":0.5");
        using var _ = response;

        (reading.Text, whole).ShouldBe(("t1 t2 t3 t4 t5 t6 t7 t8 t9", true));
        var request = fixture.Simulator.Requests.Last().Json;
        request.GetProperty("temperature").GetDecimal().ShouldBe(0.5m);
        var last = request.GetProperty("messages").EnumerateArray().Last();
        last.GetProperty("role").GetString().ShouldBe(anew ? "user" : "assistant");
        last.GetProperty("content").ToString().ShouldContain(anew ? "hello" : "t1 t2 t3 t4");
        request.GetProperty(anew ? "max_completion_tokens" : "max_tokens").GetInt32().ShouldBe(anew ? 500 : 497);
    }

    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task ErrorInTheStream_NextTargetGoesOn(string client)
    {
        await using var fixture = await StartAsync((OwnOf(client), "sim-tokens-60+error-9"), ("backup", "sim-tokens-60"));

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        (reading.Ends, reading.Errors).ShouldBe((1, 0));
        Booked(fixture, await fixture.ReceiptAsync(response));
    }

    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task Stall_NextTargetGoesOnAfterTheDeadline(string client)
    {
        var time = new ManualTimeProvider();
        await using var fixture = await GatewayFixture.StartAsync(
            Route((OwnOf(client), "sim-tokens-60+stall-7"), ("backup", "sim-tokens-60")),
            time
        );

        var asked = AskAsync(fixture, client);
        while (!asked.IsCompleted)
        {
            await Task.WhenAny(asked, time.PassAsync(TimeSpan.FromSeconds(30)));
        }

        var (reading, whole, response) = await asked;
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        Outcomes(await fixture.ReceiptAsync(response)).ShouldBe(["Cut", "Completed"]);
    }

    [Theory]
    [InlineData("ant")]
    [InlineData("oai")]
    public async Task CutAgain_TheThirdGoesOnAfterTheSecond(string second)
    {
        await using var fixture = await StartAsync(
            ("oai", "sim-tokens-60+cut-20"),
            (second, second == "ant" ? "sim-tokens-60+cut-15" : "sim-tokens-60+cut-35"),
            ("backup", "sim-tokens-60")
        );

        var (reading, whole, response) = await AskAsync(fixture, "chat");
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        (reading.Ends, reading.Errors, reading.Output).ShouldBe((1, 0, Tokens));
        var receipt = await fixture.ReceiptAsync(response);
        Outcomes(receipt).ShouldBe(["Cut", "Cut", "Completed"]);
        Booked(fixture, receipt);
    }

    /// <summary>Who says something else has added nothing: whoever follows him may still say the same.</summary>
    [Theory]
    [MemberData(nameof(CutStreams.Clients), MemberType = typeof(CutStreams))]
    public async Task NextSaysSomethingElse_TheOneAfterItGoesOn(string client)
    {
        await using var fixture = await StartAsync(
            (OwnOf(client), "sim-tokens-60+cut-40"),
            ("backup", "sim-delay-600s"),
            ("pool", "sim-tokens-30"),
            ("oai", "sim-tokens-60")
        );

        var (reading, whole, response) = await AskAsync(fixture, client);
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe(Whole);
        (reading.Ends, reading.Errors, reading.Output).ShouldBe((1, 0, Tokens));
        Fits(client, reading);
        var receipt = await fixture.ReceiptAsync(response);
        Outcomes(receipt).ShouldBe(["Cut", "Aborted", "Completed", "Completed"]);
        receipt.GetProperty("target").GetString().ShouldBe("oai/sim-tokens-60");
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        Booked(fixture, receipt);
    }

    [Fact]
    public async Task ToolsOffered_TextWasSent_TheNextTargetMayCallOne()
    {
        await using var fixture = await StartAsync(("oai", "m"), ("ant", "sim"));
        fixture.Simulator.Script("m", new Fault { CutAfter = 2 });

        var (reading, whole, response) = await AskAsync(
            fixture,
            "chat",
            "hello",
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]"
        );
        using var _ = response;

        whole.ShouldBeTrue();
        reading.Text.ShouldBe("You said: hello");
    }

    [Fact]
    public async Task Client_LeavesWhileTheSecondAnswers_BothAreBooked()
    {
        await using var fixture = await StartAsync(("oai", "sim-tokens-60+cut-5"), ("backup", "sim-tokens-5000+delay-20ms"));
        using var leaving = new CancellationTokenSource();
        var (path, body) = StreamReading.Ask("chat", "r");
        var response = await fixture.PostAsync(path, body, leaving.Token);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);
        var second = await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);

        await stream.DisposeAsync();
        response.Dispose();

        await second.ClientGone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var ledger = fixture.Gateway.Engine.Ledger;
        while (ledger.Store.List(9).Count < 2)
        {
            await Task.Yield();
            ledger.Writer.Drain();
        }

        ledger.OpenHolds.ShouldBe(0);
        ledger.Store.List(9).Select(e => e.Settlement.Outcome.ToString()).Order().ShouldBe(["Aborted", "Cut"]);
    }

    /// <summary>What tokens of the simulator are taken for that nobody counted: a quarter of their bytes.</summary>
    private static long Estimated(int tokens) => (string.Join(' ', Enumerable.Range(1, tokens).Select(i => $"t{i}")).Length + 3) / 4;

    private static void Fits(string client, StreamReading reading)
    {
        switch (client)
        {
            case "chat":
                reading.Types.Count(t => t == "role").ShouldBe(1);
                break;
            case "responses":
                reading.Numbers.ShouldBe(Enumerable.Range(0, reading.Numbers.Count).Select(n => (long)n));
                reading.Items.Distinct().Count().ShouldBe(1);
                reading.Types.Count(t => t == "response.created").ShouldBe(1);
                reading.Types.Count(t => t == "response.output_item.added").ShouldBe(1);
                reading.Types.Count(t => t == "response.output_item.done").ShouldBe(1);
                reading.Told.ShouldBe(Whole);
                break;
            case "messages":
                reading.Types.Count(t => t == "message_start").ShouldBe(1);
                reading.Types.Count(t => t == "content_block_start").ShouldBe(1);
                reading.Types.Count(t => t == "content_block_stop").ShouldBe(1);
                reading.Numbers.ShouldAllBe(n => n == 0);
                break;
        }
    }
}
