using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Ids;

/// <summary>What an answer makes at its provider belongs to the key that asked, streamed or not.</summary>
public sealed class AnswerOwnershipTests
{
    private const string Whole =
        """{"id":"chatcmpl-1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"audio_made1","data":"AAAA","transcript":"hi"}},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private static readonly string Streamed = Events(
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","audio":{"id":"audio_made1","transcript":"hi"}}}]}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        "[DONE]"
    );

    private const string Message =
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"bash_code_execution_tool_result","tool_use_id":"t","content":{"type":"bash_code_execution_result","content":[{"type":"bash_code_execution_output","file_id":"file_made12"}],"stdout":"x"}}],"stop_reason":"end_turn","container":{"id":"container_made1","expires_at":"2030-01-01T00:00:00Z"},"usage":{"input_tokens":1,"output_tokens":1}}""";

    private static readonly string MessageEvents = Events(
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"bash_code_execution_tool_result","tool_use_id":"t","content":{"type":"bash_code_execution_result","content":[{"type":"bash_code_execution_output","file_id":"file_made12"}],"stdout":"x"}}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","container":{"id":"container_made1","expires_at":"2030-01-01T00:00:00Z"}},"usage":{"output_tokens":2}}""",
        """{"type":"message_stop"}"""
    );

    private const string Response =
        """{"id":"resp_1","object":"response","status":"completed","store":false,"model":"m","output":[{"type":"code_interpreter_call","id":"ci_1","container_id":"cntr_made1","code":"1"}],"usage":{"input_tokens":1,"output_tokens":1}}""";

    private static readonly string ResponseEvents = Events(
        """{"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","store":false,"model":"m","output":[],"usage":null}}""",
        """{"type":"response.output_item.done","item":{"type":"code_interpreter_call","id":"ci_1","container_id":"cntr_made1","code":"1"}}""",
        $$"""{"type":"response.completed","response":{{Response}}}"""
    );

    public static TheoryData<string, string, string, string> Answers =>
        new()
        {
            {
                "oai",
                "answer.json",
                Whole,
                """ "messages":[{"role":"user","content":"hi"},{"role":"assistant","audio":{"id":"audio_made1"}}] """
            },
            {
                "oai",
                "answer.sse",
                Streamed,
                """ "messages":[{"role":"user","content":"hi"},{"role":"assistant","audio":{"id":"audio_made1"}}] """
            },
            { "ant", "answer.json", Message, """ "container":"container_made1","messages":[{"role":"user","content":"hi"}] """ },
            {
                "ant",
                "answer.sse",
                MessageEvents,
                """ "container":{"id":"container_made1"},"messages":[{"role":"user","content":"hi"}] """
            },
            {
                "ant",
                "answer.sse",
                MessageEvents,
                """ "messages":[{"role":"user","content":[{"type":"container_upload","file_id":"file_made12"}]}] """
            },
            { "rsp", "answer.json", Response, """ "input":"hi","tools":[{"type":"code_interpreter","container":"cntr_made1"}] """ },
            { "rsp", "answer.sse", ResponseEvents, """ "input":"hi","tools":[{"type":"code_interpreter","container":"cntr_made1"}] """ },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task MadeByAnAnswer_BelongsToTheKeyThatAsked(string provider, string file, string answer, string next)
    {
        using var recordings = new TempDirectory();
        using var data = new TempDirectory();
        await File.WriteAllTextAsync(recordings.File(file), answer, TestContext.Current.CancellationToken);
        var routes = GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, $"replay:{file}"), null));
        var stream = file.EndsWith("sse", StringComparison.Ordinal) ? "true" : "false";
        string mine,
            other;
        await using (var fixture = await GatewayFixture.StartAsync(routes, data, recordings: recordings.Path))
        {
            (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
            var asked = provider == "rsp" ? "\"input\":\"hi\"" : """ "messages":[{"role":"user","content":"hi"}] """;
            (await StatusAsync(fixture, Body(asked), mine)).ShouldBe(200);
            await CheckAsync(fixture);
        }

        await using (var fixture = await GatewayFixture.StartAsync(routes, data, recordings: recordings.Path))
        {
            await CheckAsync(fixture);
        }

        async Task CheckAsync(GatewayFixture fixture)
        {
            (await StatusAsync(fixture, Body(next), other)).ShouldBe(404);
            (await StatusAsync(fixture, Body(next), mine)).ShouldBe(200);
        }

        string Body(string members) => $$"""{"model":"r","max_tokens":99,"stream":{{stream}},{{members}}}""";

        async Task<int> StatusAsync(GatewayFixture fixture, string body, string key)
        {
            var path = provider switch
            {
                "oai" => "/v1/chat/completions",
                "ant" => "/v1/messages",
                _ => "/v1/responses",
            };
            using var response = await fixture.SendAsync(HttpMethod.Post, path, body, key);
            var (text, whole) = await StreamTests.ReadAsync(response);
            whole.ShouldBeTrue(text);
            return (int)response.StatusCode;
        }
    }

    /// <summary>A container that was there before, made in the vendor's own console, is no answer's.</summary>
    [Fact]
    public async Task NamedByTheRequest_IsNotTakenIntoPossession()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(recordings.File("answer.json"), Response, TestContext.Current.CancellationToken);
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim("rsp", "replay:answer.json"), null)),
            recordings: recordings.Path
        );
        const string Body = """{"model":"r","input":"hi","tools":[{"type":"code_interpreter","container":"cntr_made1"}]}""";

        foreach (var key in (string[])[await fixture.KeyAsync("mine"), await fixture.KeyAsync("other")])
        {
            using var response = await fixture.SendAsync(HttpMethod.Post, "/v1/responses", Body, key);
            ((int)response.StatusCode).ShouldBe(200);
        }
    }

    private static string Events(params string[] payloads) =>
        string.Concat(
            payloads.Select(p =>
                p.StartsWith('{') && JsonDocument.Parse(p).RootElement.Text("type") is { } type
                    ? $"event: {type}\ndata: {p}\n\n"
                    : $"data: {p}\n\n"
            )
        );
}
