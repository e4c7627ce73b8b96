using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Gateway.Tests.Routing;

/// <summary>Who can stream and who runs the tools that are asked of the provider: known beforehand, by wire, row and card.</summary>
public sealed class CapabilityTests
{
    private const string ChatSearch = """{"model":"r","web_search_options":{},"messages":[{"role":"user","content":"go"}]}""";

    /// <summary>Client, request, targets in order, and who is to answer.</summary>
    public static TheoryData<string, string, string, string> Asked =>
        new()
        {
            // No wire for it, no row for it, no card for it.
            { "/v1/chat/completions", ChatSearch, "oll cfa aws ant", "ant" },
            { "/v1/chat/completions", ChatSearch, "awsant gcpant", "gcpant" },
            { "/v1/chat/completions", ChatSearch, "oai/less backup", "backup" },
            { "/v1/messages", Messages("web_search_20250305", "web_search"), "awsant ant", "ant" },
            { "/v1/messages", Messages("web_search_20250305", "web_search"), "glm/less oll oai", "oai" },
            { "/v1/messages", Messages("code_execution_20250825", "code_execution"), "gcpant oai gem", "gem" },
            { "/v1/messages", Messages("code_execution_20250825", "code_execution"), "gcpant ant gem", "ant" },
            { "/v1/responses", Responses("code_interpreter"), "ant gem rsp", "gem" },
            { "/v1/responses", Responses("file_search"), "gem ant rsp", "rsp" },
            { "/v1/responses", Responses("file_search"), "rsp/less xai", "xai" },
            {
                "/v1beta/models/r:generateContent",
                """{"contents":[{"role":"user","parts":[{"text":"go"}]}],"tools":[{"googleSearch":{}},{"codeExecution":{}}]}""",
                "ant gem",
                "gem"
            },
            // Nobody is passed over for what all of them can.
            { "/v1/chat/completions", ChatSearch, "ant gem", "ant" },
            { "/v1/chat/completions", """{"model":"r","messages":[{"role":"user","content":"go"}]}""", "oll ant", "oll" },
        };

    [Theory]
    [MemberData(nameof(Asked))]
    [ChangesBehaviour("model.lacks")]
    public async Task HostedTool_GoesToWhoRunsIt(string path, string body, string targets, string expected)
    {
        await using var fixture = await StartAsync(targets.Split(' '));

        var said = await ExplainAsync(fixture, path, body);
        using var response = await fixture.PostAsync(path, body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(NameOf(expected));
        var before = Array.IndexOf(targets.Split(' '), expected);
        var rejections = Rejections(await fixture.ReceiptAsync(response));
        rejections.Count.ShouldBe(before);
        rejections.ShouldAllBe(r => r.StartsWith("capability: it does not run ", StringComparison.Ordinal));
        said.Take(before).ShouldBe(rejections);
        said[before].ShouldBeNull("explain says who answers");
        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
    }

    [Theory]
    [InlineData("warn", true)]
    [InlineData("error", false)]
    public async Task HostedTool_ThatNobodyRuns_IsLeftOutAndSaidOrRefused(string policy, bool answered)
    {
        await using var fixture = await StartAsync(["oll", "awsant"], $", \"onUnsupported\": \"{policy}\"");

        var said = await ExplainAsync(fixture, "/v1/chat/completions", ChatSearch);
        using var response = await fixture.PostAsync("/v1/chat/completions", ChatSearch);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        said.ShouldAllBe(r => answered ? r == null : r!.StartsWith("unsupported: ") && r.Contains("web_search_options: left out"));
        response.StatusCode.ShouldBe(answered ? HttpStatusCode.OK : HttpStatusCode.BadRequest, text);
        response.Headers.Contains("x-sluice-degraded").ShouldBe(answered);
        if (!answered)
        {
            text.ShouldContain("web_search_options");
            fixture.Simulator.Requests.ShouldBeEmpty();
        }
    }

    /// <summary>In its own protocol a body would pass as it is; the vendor would refuse it.</summary>
    [Fact]
    public async Task HostedTool_ThatTheVendorOfTheWireHasNot_IsNotSentToIt()
    {
        await using var fixture = await StartAsync(["awsant"]);

        using var response = await fixture.PostAsync("/v1/messages", Messages("web_search_20250305", "web_search"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Simulator.Requests.Single().Json.TryGetProperty("tools", out _).ShouldBeFalse();
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldContain("tools.web_search_20250305");
    }

    [Theory]
    [InlineData(true, "backup/sim")]
    [InlineData(false, "oai/less")]
    [ChangesBehaviour("model.lacks")]
    public async Task Stream_GoesToWhoStreams(bool stream, string expected)
    {
        await using var fixture = await StartAsync(["oai/less", "backup"]);

        using var response = await fixture.PostAsync("/v1/chat/completions", PolicyTests.Asking("r", stream));

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(expected);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Rejections(await fixture.ReceiptAsync(response))
            .ShouldBe(stream ? ["capability: it does not stream, and another target does"] : []);
    }

    [Theory]
    [InlineData("warn")]
    [InlineData("error")]
    public async Task Stream_ThatNobodyGives_ComesInOnePieceAndSaysSoOrIsRefused(string policy)
    {
        await using var fixture = await StartAsync(["oai/less"], $", \"onUnsupported\": \"{policy}\"");

        using var response = await fixture.PostAsync("/v1/chat/completions", PolicyTests.Asking("r", stream: true));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        if (policy == "error")
        {
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            text.ShouldContain("oai/less does not stream");
            fixture.Simulator.Requests.ShouldBeEmpty();
            return;
        }

        text.ShouldContain("data: [DONE]");
        fixture.Simulator.Requests.Single().Stream.ShouldBeFalse();
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldContain("stream");
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    private static string Messages(string type, string name) =>
        $$"""{"model":"r","max_tokens":50,"tools":[{"type":"{{type}}","name":"{{name}}"}],"messages":[{"role":"user","content":"go"}]}""";

    private static string Responses(string type) => $$"""{"model":"r","store":false,"tools":[{"type":"{{type}}"}],"input":"go"}""";

    /// <summary>A provider's usual model; <c>/less</c> is one of which the configuration says what it lacks.</summary>
    private static string NameOf(string target) => target.Contains('/', StringComparison.Ordinal) ? target : $"{target}/sim";

    private static string Target(string target) =>
        target.Contains('/', StringComparison.Ordinal) ? $"\"{target}\"" : GatewayFixture.Sim(target, "sim");

    private static string Less(string provider) =>
        $$""" "{{provider}}/less": { "lacks": ["stream", "web_search", "file_search"], "price": { "input": "1", "output": "2" } } """;

    private static Task<GatewayFixture> StartAsync(string[] targets, string options = "") =>
        GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "targets": [{{string.Join(", ", targets.Select(Target))}}]{{options}} } },
            "models": { {{string.Join(
                ", ",
                targets.Where(t => t.EndsWith("/less", StringComparison.Ordinal)).Select(t => Less(t.Split('/')[0]))
            )}} }
            """
        );

    private static List<string> Rejections(JsonElement receipt) =>
        [
            .. receipt
                .GetProperty("rejections")
                .EnumerateArray()
                .Select(r => $"{r.GetProperty("gate").GetString()}: {r.GetProperty("reason").GetString()}"),
        ];

    /// <summary>Why each target would be refused, in their order.</summary>
    private static async Task<List<string?>> ExplainAsync(GatewayFixture fixture, string path, string body)
    {
        var protocol = path switch
        {
            "/v1/messages" => "anthropic-messages",
            "/v1/responses" => "openai-responses",
            "/v1/chat/completions" => "openai-chat",
            _ => "gemini",
        };
        var request = protocol == "gemini" ? body.Replace("{\"contents\"", "{\"model\":\"r\",\"contents\"") : body;
        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        var key = await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key"), TestContext.Current.CancellationToken);
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await admin.PostAsync(
            "/admin/explain",
            new StringContent($$"""{"protocol":"{{protocol}}","request":{{request}}}"""),
            TestContext.Current.CancellationToken
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return
        [
            .. JsonDocument
                .Parse(text)
                .RootElement.GetProperty("targets")
                .EnumerateArray()
                .Select(t => t.GetProperty("refused").GetString()),
        ];
    }
}
