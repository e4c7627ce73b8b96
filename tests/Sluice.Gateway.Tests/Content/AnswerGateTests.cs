using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Content;

/// <summary>What gates do to answers, whole and streamed, in every protocol and across them.</summary>
public sealed class AnswerGateTests
{
    private const string Filler = "and then there is a lot more that nobody minds, so that the stream goes on for longer than a window";

    private const string Redacting = """
        "gates": [{ "name": "pii", "on": ["answer"], "redact": ["@email", "@credit-card"], "replacement": "[gone]", "window": 40 }]
        """;

    private static string Denying(string more = "") =>
        $$"""
            "gates": [{ "name": "names", "on": ["answer"], "deny": ["(?i)project zeus"], "window": 40 {{more}} }]
            """;

    /// <summary>Provider, path, and a body with a place for the text.</summary>
    private static readonly (string Provider, string Path, string Stream, string Body)[] All =
    [
        (
            "oai",
            "/v1/chat/completions",
            "/v1/chat/completions",
            """{"model":"r","stream":STREAM,"max_tokens":300,"messages":[{"role":"user","content":"TEXT"}]}"""
        ),
        ("rsp", "/v1/responses", "/v1/responses", """{"model":"r","stream":STREAM,"max_output_tokens":300,"input":"TEXT"}"""),
        (
            "ant",
            "/v1/messages",
            "/v1/messages",
            """{"model":"r","stream":STREAM,"max_tokens":300,"messages":[{"role":"user","content":"TEXT"}]}"""
        ),
        (
            "gem",
            "/v1beta/models/r:generateContent",
            "/v1beta/models/r:streamGenerateContent?alt=sse",
            """{"contents":[{"role":"user","parts":[{"text":"TEXT"}]}],"generationConfig":{"maxOutputTokens":300}}"""
        ),
        (
            "gem",
            "/v1beta/models/r:generateContent",
            "/v1beta/models/r:streamGenerateContent",
            """{"contents":[{"role":"user","parts":[{"text":"TEXT"}]}],"generationConfig":{"maxOutputTokens":300}}"""
        ),
        (
            "oll",
            "/api/chat",
            "/api/chat",
            """{"model":"r","stream":STREAM,"messages":[{"role":"user","content":"TEXT"}],"options":{"num_predict":300}}"""
        ),
    ];

    public static TheoryData<int, string> StreamedWays()
    {
        var ways = new TheoryData<int, string>();
        for (var i = 0; i < All.Length; i++)
        {
            ways.Add(i, All[i].Provider);
            ways.Add(i, All[i].Provider == "ant" ? "oai" : "ant");
        }

        return ways;
    }

    public static TheoryData<int, string, bool> Ways()
    {
        var ways = new TheoryData<int, string, bool>();
        for (var i = 0; i < All.Length; i++)
        {
            foreach (var stream in (bool[])[false, true])
            {
                ways.Add(i, All[i].Provider, stream);
                ways.Add(i, All[i].Provider == "ant" ? "oai" : "ant", stream);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Redacted_LeavesNothingOfItAndEverythingElse(int protocol, string provider, bool stream)
    {
        await using var fixture = await StartAsync(provider, "sim-bytes", Redacting);

        using var answer = await AskAsync(fixture, protocol, stream, $"pay 4111 1111 1111 1111 to a.b@example.com {Filler}");
        var (text, whole) = await ReadAsync(answer);

        whole.ShouldBeTrue(text);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var said = Said(text);
        said.ShouldContain($"You said: pay [gone] to [gone] {Filler}");
        text.ShouldNotContain("4111 1111");
        said.ShouldNotContain("a.b@");
        said.ShouldNotContain("example.com");
        (await fixture.ReceiptAsync(answer))
            .GetProperty("gates")
            .EnumerateArray()
            .ShouldAllBe(g => g.GetProperty("stage").GetString() == "Answer" && g.GetProperty("verdict").GetString() == "Redacted");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    /// <summary>The provider goes silent after what is less than the usual window and more than this one.</summary>
    [Fact]
    [ChangesBehaviour("gate.window")]
    public async Task Window_IsAllThatIsHeldBack()
    {
        await using var fixture = await StartAsync(
            "oai",
            "sim-tokens-30+stall-20",
            """ "gates": [{ "name": "names", "on": ["answer"], "deny": ["zeus"], "window": 10 }] """
        );

        using var answer = await AskAsync(fixture, 0, stream: true, "hi");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var read = "";
        while (!Said(read).Contains("t15", StringComparison.Ordinal))
        {
            read += await reader.ReadLineAsync(TestContext.Current.CancellationToken) + "\n";
        }

        Said(read).ShouldNotContain("t20");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Untouched_IsTheSameAsWithoutGates(int protocol, string provider, bool stream)
    {
        await using var gated = await StartAsync(provider, "sim-bytes", Redacting);
        await using var plain = await StartAsync(provider, "sim-bytes", "\"gates\": []");

        using var answer = await AskAsync(gated, protocol, stream, $"[think] caf\u00e9 \ud83d\ude00 {Filler}");
        using var same = await AskAsync(plain, protocol, stream, $"[think] caf\u00e9 \ud83d\ude00 {Filler}");

        Comparable((await ReadAsync(answer)).Text).ShouldBe(Comparable((await ReadAsync(same)).Text));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [ChangesBehaviour("root.gates", "gate.name", "gate.on")]
    public async Task DeniedBeforeAnythingWasHandedOver_IsAnErrorAndPaidFor(int protocol, string provider, bool stream)
    {
        await using var fixture = await StartAsync(provider, "sim-bytes", Denying());

        using var answer = await AskAsync(fixture, protocol, stream, "Project Zeus");
        var (text, whole) = await ReadAsync(answer);

        whole.ShouldBeTrue();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        text.ShouldContain("names");
        text.ShouldNotContain("Zeus", Case.Insensitive);
        await PaidAsync(fixture, answer, "Failed");
    }

    [Theory]
    [MemberData(nameof(StreamedWays))]
    public async Task DeniedLater_EndsTheStreamWithTheProtocolsError(int protocol, string provider)
    {
        await using var fixture = await StartAsync(provider, "sim-bytes", Denying());

        using var answer = await AskAsync(fixture, protocol, stream: true, $"{Filler} Project Zeus {Filler}");
        var (text, whole) = await ReadAsync(answer);

        whole.ShouldBeFalse();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Said(text).ShouldContain("and then there is a lot more");
        text.ShouldContain("gate 'names'");
        Said(text).ShouldNotContain("Zeus", Case.Insensitive);
        await PaidAsync(fixture, answer, "Cut");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ChangesBehaviour("gate.onDeny")]
    public async Task DeniedWithNext_IsAnsweredByTheNextTargetWhoseAnswerIsCheckedToo(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $"\"routes\": {{ \"r\": {{ \"default\": true, \"targets\": [{GatewayFixture.Sim("oai", "sim-bytes")}, {GatewayFixture.Sim("ant", "sim-tokens-20")}] }} }}, "
                + """
                "gates": [{ "name": "names", "on": ["answer"], "deny": ["zeus"], "onDeny": "next" },
                          { "name": "t", "on": ["answer"], "redact": ["t1[0-9]"], "replacement": "[t]" }]
                """
        );

        using var answer = await AskAsync(fixture, 0, stream, "zeus");
        var (text, whole) = await ReadAsync(answer);

        whole.ShouldBeTrue(text);
        answer.Headers.GetValues("x-sluice-target").Single().ShouldBe("ant/sim-tokens-20");
        Said(text).ShouldContain("t9 [t] [t]");
        Said(text).ShouldNotContain("t15");
        var attempts = (await fixture.ReceiptAsync(answer)).GetProperty("attempts");
        attempts.GetArrayLength().ShouldBe(2);
        attempts[0].GetProperty("failure").GetString().ShouldBe("Refused");
        attempts[0].GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0, "the provider did the work");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ChangesBehaviour("gate.maxOutput")]
    public async Task MaxOutput_DeniesWhatIsLonger(bool stream)
    {
        await using var fixture = await StartAsync("oai", "sim-tokens-100", """ "gates": [{ "name": "short", "maxOutput": "100B" }] """);

        using var answer = await AskAsync(fixture, 0, stream, "go");
        var (text, whole) = await ReadAsync(answer);

        text.ShouldContain("100");
        text.ShouldContain("gate 'short'");
        (whole && answer.IsSuccessStatusCode).ShouldBeFalse();
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("oai", 0)]
    [InlineData("ant", 2)]
    [InlineData("rsp", 1)]
    public async Task ToolArguments_AreRedactedAndStayJson(string provider, int protocol)
    {
        await using var fixture = await StartAsync(
            provider,
            "sim-bytes",
            """
            "gates": [{ "name": "args", "on": ["answer"], "parts": ["toolArguments"], "redact": ["(?i)sample|text|example|string"], "replacement": "[gone]" }]
            """
        );
        var tool =
            protocol == 0
                ? ""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}"""
            : protocol == 1
                ? ""","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]}"""
            : ""","tools":[{"name":"f","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]}""";
        var body =
            All[protocol].Body.Replace("STREAM", "true", StringComparison.Ordinal).Replace("TEXT", "[tool] go", StringComparison.Ordinal)[
                ..^1
            ] + tool;

        using var answer = await fixture.PostAsync(All[protocol].Stream, body);
        var (text, whole) = await ReadAsync(answer);

        whole.ShouldBeTrue(text);
        using var arguments = JsonDocument.Parse(Said(text));
        arguments.RootElement.GetProperty("city").GetString().ShouldNotBeNull().ShouldContain("[gone]");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Library_IsGatedToo(bool stream)
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var provider = RequestGateTests.Library(simulator, Redacting + """, "ledger": { "sync": "1s" } """);
        var client = provider.GetRequiredService<IChatClient>();

        var answer = stream
            ? await client
                .GetStreamingResponseAsync("mail a.b@example.com now", cancellationToken: TestContext.Current.CancellationToken)
                .ToChatResponseAsync(TestContext.Current.CancellationToken)
            : await client.GetResponseAsync("mail a.b@example.com now", cancellationToken: TestContext.Current.CancellationToken);

        answer.Text.ShouldBe("You said: mail [gone] now");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Library_IsToldOfADenial(bool stream)
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var provider = RequestGateTests.Library(simulator, Denying());
        var client = provider.GetRequiredService<IChatClient>();

        var denied = await Should.ThrowAsync<SluiceException>(async () =>
        {
            _ = stream
                ? await client
                    .GetStreamingResponseAsync("project zeus", cancellationToken: TestContext.Current.CancellationToken)
                    .ToChatResponseAsync(TestContext.Current.CancellationToken)
                : await client.GetResponseAsync("project zeus", cancellationToken: TestContext.Current.CancellationToken);
        });

        denied.Message.ShouldContain("gate 'names'");
        denied.Receipt.Gates.Single().Verdict.ShouldBe(Sluice.Calls.GateVerdict.Denied);
    }

    internal static async Task<(string Text, bool Whole)> ReadAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            var piece = new char[1024];
            while (await reader.ReadAsync(piece, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                text.Append(piece, 0, read);
            }

            return (text.ToString(), true);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (text.ToString(), false);
        }
    }

    internal static Task<GatewayFixture> StartAsync(string provider, string model, string gates) =>
        GatewayFixture.StartAsync(
            $"\"routes\": {{ \"r\": {{ \"default\": true, \"targets\": [{GatewayFixture.Sim(provider, model)}] }} }}, {gates}"
        );

    internal static Task<HttpResponseMessage> AskAsync(GatewayFixture fixture, int protocol, bool stream, string text)
    {
        var (_, path, streamPath, body) = All[protocol];
        return fixture.PostAsync(
            stream ? streamPath : path,
            body.Replace("STREAM", stream ? "true" : "false", StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal)
        );
    }

    /// <summary>The text of an answer in whatever protocol: what is said in deltas, or else as a whole.</summary>
    internal static string Said(string answer)
    {
        var deltas = new StringBuilder();
        foreach (var json in Objects(answer))
        {
            Gather(json, "", deltas, deltasOnly: answer.Contains("response.created", StringComparison.Ordinal));
        }

        return deltas.ToString();
    }

    private static List<JsonElement> Objects(string answer)
    {
        var trimmed = answer.TrimStart();
        if (trimmed.StartsWith('[') && TryParse(trimmed) is { } array)
        {
            return [array];
        }

        if (TryParse(trimmed) is { } one)
        {
            return [one];
        }

        return answer
            .Split('\n')
            .Select(l => l.Trim().TrimStart('[', ',').Trim())
            .Select(l => l.StartsWith("data:", StringComparison.Ordinal) ? l["data:".Length..].Trim() : l)
            .Select(TryParse)
            .OfType<JsonElement>()
            .ToList();
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Gather(JsonElement json, string name, StringBuilder text, bool deltasOnly)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    Gather(member.Value, member.Name, text, deltasOnly);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Gather(item, name, text, deltasOnly);
                }

                break;
            case JsonValueKind.String
                when deltasOnly ? name == "delta" : name is "content" or "text" or "arguments" or "partial_json" or "response":
                text.Append(json.GetString());
                break;
        }
    }

    /// <summary>Ids and times are new each time.</summary>
    private static string Comparable(string answer) =>
        System.Text.RegularExpressions.Regex.Replace(
            answer,
            "\"(id|item_id|created|created_at|completed_at|total_duration|load_duration|prompt_eval_duration|eval_duration|responseId|response_id)\":(\"[^\"]*\"|[0-9.]+)",
            "\"$1\":0"
        );

    private static async Task PaidAsync(GatewayFixture fixture, HttpResponseMessage answer, string outcome)
    {
        var receipt = await fixture.ReceiptAsync(answer);
        receipt.GetProperty("gates")[0].GetProperty("verdict").GetString().ShouldBe("Denied");
        receipt.ToString().ShouldNotContain("Zeus", Case.Insensitive);
        var attempt = receipt.GetProperty("attempts")[0];
        attempt.GetProperty("outcome").GetString().ShouldBe(outcome);
        attempt.GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }
}
