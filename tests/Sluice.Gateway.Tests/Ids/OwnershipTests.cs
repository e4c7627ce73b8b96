using System.Net;
using System.Text.Json;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Ids;

/// <summary>What a key made at a provider, by whichever way, is used by calls of that key, at that provider, and by nobody else.</summary>
public sealed class OwnershipTests
{
    /// <summary>Each protocol has a second provider behind the one that holds things, and another protocol behind that.</summary>
    private static readonly string Routes = GatewayFixture.Routes(
        ("chat", "\"backup/gpt-4o-mini\", \"oai/gpt-4o-mini\"", "claude"),
        ("claude", "\"awsant/anthropic.claude-sonnet-4-6\", \"ant/claude-sonnet-4-6\"", "plain"),
        ("responses", "\"rsp/gpt-4o-mini\"", "plain"),
        ("gemini", "\"gem/gemini-2.5-flash\"", null),
        ("plain", "\"backup/gpt-5-mini\"", null)
    );

    /// <summary>Where a thing is made, who must answer, and a call that names it.</summary>
    public static TheoryData<string, string, string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string, string, string>();
            foreach (var (made, target, path, body) in All)
            {
                calls.Add(made, target, path, body);
                var streamed = path.Contains(":generate", StringComparison.Ordinal)
                    ? (path.Replace(":generateContent", ":streamGenerateContent?alt=sse", StringComparison.Ordinal), body)
                    : (path, body.Insert(1, "\"stream\":true,"));
                calls.Add(made, target, streamed.Item1, streamed.Item2);
            }

            return calls;
        }
    }

    private static IEnumerable<(string Made, string Target, string Path, string Body)> All
    {
        get
        {
            const string Responses = "/v1/responses";
            foreach (
                var (made, members) in ((string, string)[])
                    [
                        ("oai/v1/files", """ "input":[{"role":"user","content":[{"type":"input_file","file_id":"ID"}]}] """),
                        ("rsp/v1/files", """ "input":[{"role":"user","content":[{"type":"input_image","file_id":"ID"}]}] """),
                        ("oai/v1/vector_stores", """ "input":"hi","tools":[{"type":"file_search","vector_store_ids":["ID"]}] """),
                        ("oai/v1/containers", """ "input":"hi","tools":[{"type":"code_interpreter","container":"ID"}] """),
                        (
                            "oai/files",
                            """ "input":"hi","tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["ID"]}}] """
                        ),
                        ("oai/v1/conversations", """ "input":"hi","conversation":"ID" """),
                        ("rsp/v1/conversations", """ "input":"hi","conversation":{"id":"ID"} """),
                    ]
            )
            {
                yield return (made, "rsp/gpt-4o-mini", Responses, $$"""{"model":"responses",{{members}}}""");
            }

            yield return (
                "oai/v1/files",
                "oai/gpt-4o-mini",
                "/v1/chat/completions",
                """{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"file","file":{"file_id":"ID"}}]}]}"""
            );
            yield return (
                "ant/v1/files",
                "ant/claude-sonnet-4-6",
                "/v1/messages",
                """{"model":"claude","max_tokens":99,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"ID"}}]}]}"""
            );
            yield return (
                "ant/v1/files",
                "ant/claude-sonnet-4-6",
                "/v1/messages",
                """{"model":"claude","max_tokens":99,"messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"container_upload","file_id":"ID"}]}]}"""
            );
            yield return (
                "gem/upload/v1beta/files",
                "gem/gemini-2.5-flash",
                "/v1beta/models/gemini:generateContent",
                """{"contents":[{"parts":[{"text":"hi"},{"fileData":{"mimeType":"text/plain","fileUri":"https://generativelanguage.googleapis.com/v1beta/ID"}}]}]}"""
            );
            yield return (
                "gem/v1beta/cachedContents",
                "gem/gemini-2.5-flash",
                "/v1beta/models/gemini:generateContent",
                """{"contents":[{"parts":[{"text":"hi"}]}],"cachedContent":"ID"}"""
            );
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Thing_IsUsedByItsOwnKeyAtItsProviderAlone_AlsoAfterARestart(string made, string target, string path, string body)
    {
        using var data = new TempDirectory();
        string mine,
            other;
        await using (var before = await GatewayFixture.StartAsync(Routes, data))
        {
            (mine, other) = (await before.KeyAsync("mine"), await before.KeyAsync("other"));
            body = body.Replace("ID", await MakeAsync(before, made, mine), StringComparison.Ordinal);
            await CheckAsync(before, path, body, mine, other, target);
        }

        await using var after = await GatewayFixture.StartAsync(Routes, data);
        await CheckAsync(after, path, body, mine, other, target);
    }

    private static async Task CheckAsync(GatewayFixture fixture, string path, string body, string mine, string other, string target)
    {
        var before = fixture.Simulator.Requests.Count;
        using var foreign = await fixture.SendAsync(HttpMethod.Post, path, body, other);
        var refusal = await JsonAsync(foreign);
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound, refusal.GetRawText());
        fixture.Simulator.Requests.Count.ShouldBe(before);
        refusal.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("is kept for this key");
        ShapeOf(path, refusal.GetProperty("error")).ShouldBeTrue(refusal.GetRawText());

        using var own = await fixture.SendAsync(HttpMethod.Post, path, body, mine);
        var (text, whole) = await StreamTests.ReadAsync(own);
        own.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        whole.ShouldBeTrue();
        own.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);

        fixture.Simulator.Script(target.Split('/')[1], [.. Enumerable.Repeat(new Fault { Status = 503 }, 5)]);
        using var down = await fixture.SendAsync(HttpMethod.Post, path, body, mine);
        ((int)down.StatusCode).ShouldBe(503, "nobody can stand in for who holds it");
    }

    [Theory]
    [InlineData(
        "/v1/messages/count_tokens",
        "ant/v1/files",
        """{"model":"claude","messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"ID"}}]}]}"""
    )]
    [InlineData("/v1beta/models/gemini:countTokens", "gem/v1beta/cachedContents", """{"contents":[],"cachedContent":"ID"}""")]
    public async Task CountingTokens_TellsNothingOfWhatAnotherKeyMade(string path, string made, string body)
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);
        var (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
        body = body.Replace("ID", await MakeAsync(fixture, made, mine), StringComparison.Ordinal);

        using var own = await fixture.SendAsync(HttpMethod.Post, path, body, mine);
        using var foreign = await fixture.SendAsync(HttpMethod.Post, path, body, other);

        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        own.Headers.GetValues("x-sluice-target").Single().ShouldStartWith(made.Split('/')[0]);
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_IsGoneOnFromAndReadAfterARestart(bool stream)
    {
        using var data = new TempDirectory();
        string mine,
            other,
            id;
        await using (var before = await GatewayFixture.StartAsync(Routes, data))
        {
            (mine, other) = (await before.KeyAsync("mine"), await before.KeyAsync("other"));
            using var first = await before.SendAsync(HttpMethod.Post, "/v1/responses", Going(null, stream), mine);
            var (text, _) = await StreamTests.ReadAsync(first);
            id = text.Split("\"id\":\"")[1].Split('"')[0];
        }

        await using (var after = await GatewayFixture.StartAsync(Routes, data))
        {
            (await StatusAsync(after, HttpMethod.Post, "/v1/responses", Going(id, stream), other)).ShouldBe(404);
            (await StatusAsync(after, HttpMethod.Get, $"/v1/responses/{id}", null, other)).ShouldBe(404);
            (await StatusAsync(after, HttpMethod.Post, "/v1/responses", Going(id, stream), mine)).ShouldBe(200);
            (await StatusAsync(after, HttpMethod.Get, $"/v1/responses/{id}", null, mine)).ShouldBe(200);
            (await StatusAsync(after, HttpMethod.Delete, $"/v1/responses/{id}", null, mine)).ShouldBe(200);
        }

        await using var last = await GatewayFixture.StartAsync(Routes, data);
        (await StatusAsync(last, HttpMethod.Post, "/v1/responses", Going(id, stream), mine)).ShouldBe(404);
        (await StatusAsync(last, HttpMethod.Get, $"/v1/responses/{id}", null, mine)).ShouldBe(404);
    }

    [Fact]
    public async Task GooglesNames_AreFoundInPathsAndBodiesThatPass()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);
        var (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
        var name = await MakeAsync(fixture, "gem/upload/v1beta/files", mine);
        var body = $$"""{"requests":"https://generativelanguage.googleapis.com/v1beta/{{name}}"}""";

        (await StatusAsync(fixture, HttpMethod.Get, $"/p/gem/v1beta/{name}", null, mine)).ShouldBe(200);
        (await StatusAsync(fixture, HttpMethod.Get, $"/p/gem/v1beta/{name}", null, other)).ShouldBe(404);
        (await StatusAsync(fixture, HttpMethod.Post, "/p/gem/v1beta/cachedContents", body, mine)).ShouldBe(200);
        (await StatusAsync(fixture, HttpMethod.Post, "/p/gem/v1beta/cachedContents", body, other)).ShouldBe(404);
    }

    [Fact]
    public async Task MadeElsewhere_StaysWithTheFirstProviderOfTheProtocol()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);
        var key = await fixture.KeyAsync("mine");
        const string Body =
            """{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"file","file":{"file_id":"file-madeElsewhere"}}]}]}""";

        using var passed = await fixture.SendAsync(HttpMethod.Post, "/v1/chat/completions", Body, key);
        fixture.Simulator.Script("*", [.. Enumerable.Repeat(new Fault { Status = 503 }, 9)]);
        using var down = await fixture.SendAsync(HttpMethod.Post, "/v1/chat/completions", Body, key);
        using var across = await fixture.SendAsync(
            HttpMethod.Post,
            "/v1/chat/completions",
            Body.Replace("\"chat\"", "\"gemini\"", StringComparison.Ordinal),
            key
        );

        passed.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/gpt-4o-mini");
        ((int)down.StatusCode).ShouldBe(503);
        fixture.Simulator.Requests.Select(r => r.Path).Distinct().ShouldBe(["/v1/chat/completions"]);
        ((int)across.StatusCode).ShouldBe(400);
        (await JsonAsync(across)).GetProperty("error").GetProperty("param").GetString().ShouldBe("file_id");
    }

    [Fact]
    public async Task WithoutKeys_WhatWasMadeIsPinnedAndNotRefused()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);
        var id = await MakeAsync(fixture, "oai/v1/files", null);

        using var answer = await fixture.PostAsync(
            "/v1/chat/completions",
            $$$"""{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"file","file":{"file_id":"{{{id}}}"}}]}]}"""
        );

        answer.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/gpt-4o-mini");
    }

    [Fact]
    public async Task AnotherModelOfWhoHoldsIt_StandsIn()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", "\"oai/gpt-4o-mini\", \"backup/gpt-4o\"", "small"), ("small", "\"oai/gpt-5-mini\"", null))
        );
        var id = await MakeAsync(fixture, "oai/v1/files", null);
        fixture.Simulator.Script("gpt-4o-mini", [.. Enumerable.Repeat(new Fault { Status = 503 }, 5)]);

        using var answer = await fixture.PostAsync(
            "/v1/chat/completions",
            $$$"""{"model":"r","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"file","file":{"file_id":"{{{id}}}"}}]}]}"""
        );

        answer.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/gpt-5-mini");
    }

    [Fact]
    public async Task TwoHolders_AreRefused()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", "\"rsp/gpt-4o-mini\"", null), ("x", "\"gem/gemini-2.5-flash\"", null))
        );
        var file = await MakeAsync(fixture, "ant/v1/files", null);
        var conversation = await MakeAsync(fixture, "oai/v1/conversations", null);

        using var answer = await fixture.PostAsync(
            "/v1/responses",
            $$"""{"model":"r","conversation":"{{conversation}}","input":[{"role":"user","content":[{"type":"input_file","file_id":"{{file}}"}]}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(answer)).GetProperty("error").GetProperty("param").GetString().ShouldBe("file_id");
    }

    private static bool ShapeOf(string path, JsonElement error) =>
        path switch
        {
            "/v1/messages" => error.GetProperty("type").GetString() == "not_found_error",
            "/v1/responses" or "/v1/chat/completions" => error.GetProperty("code").GetString() == "not_found"
                && error.GetProperty("type").GetString() == "invalid_request_error",
            _ => error.GetProperty("status").GetString() == "NOT_FOUND",
        };

    /// <returns>What a body calls it.</returns>
    private static async Task<string> MakeAsync(GatewayFixture fixture, string made, string? key)
    {
        using var response = await fixture.SendAsync(HttpMethod.Post, $"/p/{made}", "{}", key);
        var thing = await JsonAsync(response);
        return thing.Text("id") ?? thing.Text("name") ?? thing.GetProperty("file").Text("name")!;
    }

    private static string Going(string? previous, bool stream) =>
        $$"""{"model":"responses","stream":{{(stream ? "true" : "false")}},"input":"hello","previous_response_id":{{(previous is null ? "null" : $"\"{previous}\"")}}}""";

    private static async Task<int> StatusAsync(GatewayFixture fixture, HttpMethod method, string path, string? body, string key)
    {
        using var response = await fixture.SendAsync(method, path, body, key);
        await StreamTests.ReadAsync(response);
        return (int)response.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
