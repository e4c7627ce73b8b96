using System.Text;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What `sluice decode` makes of recorded bodies, odd ones included.</summary>
public sealed class DecodeTests : IDisposable
{
    private const string Whole =
        """{"id":"c","choices":[{"index":0,"message":{"content":"hi","reasoning_content":"hm","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"u","type":"function","function":{"name":"g","arguments":"{\"a\":"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}""";

    private const string Chunks = """
        {"choices":[{"index":0,"delta":{"content":"a"}}]}
        {"broken
        {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"length"}]}
        """;

    private const string Messages =
        """{"type":"message","content":[{"type":"text","text":"hi"}],"stop_reason":"pause_turn","usage":{"input_tokens":5,"cache_read_input_tokens":10,"cache_creation_input_tokens":20,"cache_creation":{"ephemeral_1h_input_tokens":8},"output_tokens":7}}""";

    /// <summary>A <c>contentBlockDelta</c> of "hi" and a <c>messageStop</c>.</summary>
    private const string BinaryEvents =
        "AAAAcwAAADYU6tDvCzpldmVudC10eXBlBwARY29udGVudEJsb2NrRGVsdGENOm1lc3NhZ2UtdHlwZQcABWV2ZW50eyJjb250ZW50QmxvY2tJbmRleCI6MCwiZGVsdGEiOnsidGV4dCI6ImhpIn19hrBIxAAAAFkAAAAwdvhCfws6ZXZlbnQtdHlwZQcAC21lc3NhZ2VTdG9wDTptZXNzYWdlLXR5cGUHAAVldmVudHsic3RvcFJlYXNvbiI6ImVuZF90dXJuIn1G90m8";

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task WholeAnswer_IsReadInTheWordsOfEveryWire()
    {
        var answer = await DecodeAsync(Whole, "--wire", "openai-chat");

        answer.GetProperty("text").GetString().ShouldBe("hi");
        answer.GetProperty("reasoning").GetString().ShouldBe("hm");
        answer.GetProperty("finish").GetString().ShouldBe("tool_calls");
        answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        Compact(answer.GetProperty("toolCalls"))
            .ShouldBe("""[{"id":"t","name":"f","arguments":{"a":1}},{"id":"u","name":"g","arguments":"{\"a\":"}]""");
        Compact(answer.GetProperty("usage"))
            .ShouldBe(
                """{"inputTokens":9,"outputTokens":5,"cacheReadTokens":4,"cacheWriteTokens":0,"cacheWrite1hTokens":0,"reasoningTokens":3}"""
            );
    }

    [Fact]
    public async Task Messages_InputIncludesWhatWasCached()
    {
        var answer = await DecodeAsync(Messages, "--wire", "anthropic-messages");

        answer.GetProperty("finish").GetString().ShouldBe("paused");
        Compact(answer.GetProperty("usage"))
            .ShouldBe(
                """{"inputTokens":35,"outputTokens":7,"cacheReadTokens":10,"cacheWriteTokens":20,"cacheWrite1hTokens":8,"reasoningTokens":0}"""
            );
    }

    [Theory]
    [InlineData(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        "--stream"
    )]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]}\n\n", "")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]}\n", "--stream")]
    [InlineData("{\"choices\": [{\"index\": 0, \"message\": {\"content\": \"ab\"}, \"finish_reason\": \"stop\"}]}", "--stream")]
    [InlineData("\ufeff{\"choices\": [{\"index\": 0, \"message\": {\"content\": \"ab\"}, \"finish_reason\": \"stop\"}]}", "")]
    [InlineData("\ufeffid: 1\rdata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]}\r\r", "")]
    [InlineData(
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}",
        ""
    )]
    [InlineData("{\n \"choices\": [{\"index\": 0, \"message\": {\"content\": \"ab\"}, \"finish_reason\": \"stop\"}]\n}", "--stream")]
    public async Task Stream_IsReadHoweverItWasRecorded(string body, string stream)
    {
        var answer = await DecodeAsync(body, ["--wire", "openai-chat", .. stream.Length > 0 ? [stream] : Array.Empty<string>()]);

        (answer.GetProperty("text").GetString(), answer.GetProperty("finish").GetString()).ShouldBe(("ab", "stop"));
        answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("", "Drift")]
    [InlineData("not json", "Drift")]
    [InlineData("[]", "Drift")]
    [InlineData("{}", "Drift")]
    [InlineData("null", "Drift")]
    [InlineData("""{"choices":7}""", "Drift")]
    [InlineData("""{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}""", "RateLimited")]
    [InlineData("""{"error":"something odd"}""", "Unknown")]
    [InlineData("""{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}""", "ModelUnavailable")]
    [InlineData("""[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]""", "Credential")]
    [InlineData("""{"choices":[{"index":0,"message":7}],"usage":[]}""", null)]
    [InlineData("""{"choices":[7,null,{"message":{"content":{"a":1},"tool_calls":[7,{"function":3}]}}]}""", null)]
    public async Task OddBody_IsAnErrorAndNoCrash(string body, string? failure)
    {
        foreach (
            var stream in (string[][])
                [
                    [],
                    ["--stream"],
                ]
        )
        {
            var answer = await DecodeAsync(body, ["--wire", "openai-chat", .. stream]);
            if (failure is not null and not "Drift" || stream.Length == 0)
            {
                (
                    answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("class").GetString() : null
                ).ShouldBe(failure, body);
            }
        }
    }

    [Fact]
    public async Task Compressed_IsSaidToBe()
    {
        await File.WriteAllBytesAsync(_directory.File("body"), [0x1F, 0x8B, 8, 0], TestContext.Current.CancellationToken);

        var (code, output, _) = await CliProcess.RunAsync(_directory.Path, "decode", "--wire", "openai-chat", "body");

        code.ShouldBe(0);
        output.ShouldContain("compressed with gzip");
    }

    [Theory]
    [InlineData(0, "hi", "stop", null)]
    [InlineData(-1, "hi", null, "Transient")]
    [InlineData(1, "hi", null, "Drift")]
    public async Task EventsOfAmazon_AreRead(int damage, string text, string? finish, string? failure)
    {
        var body = Convert.FromBase64String(BinaryEvents);
        body[^1] += (byte)(damage > 0 ? damage : 0);
        await File.WriteAllBytesAsync(_directory.File("body"), damage < 0 ? body[..^1] : body, TestContext.Current.CancellationToken);

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "decode", "--wire", "bedrock-converse", "--stream", "body");
        code.ShouldBe(0, error);
        var answer = JsonDocument.Parse(output).RootElement;

        (answer.GetProperty("text").GetString(), answer.GetProperty("finish").GetString()).ShouldBe((text, finish));
        (answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } said ? said.GetProperty("class").GetString() : null).ShouldBe(
            failure
        );
    }

    [Fact]
    public async Task FailedAnswer_HasNotFinished_AndItsBrokenFramesAreCounted()
    {
        var answer = await DecodeAsync(
            """
            {"candidates":[{"content":{"parts":[{"text":"a"}]}}]}
            {"broken
            {"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}
            {"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}
            """,
            "--wire",
            "gemini",
            "--stream"
        );

        answer.GetProperty("text").GetString().ShouldBe("a");
        answer.GetProperty("finish").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("malformedFrames").GetInt32().ShouldBe(1);
        answer.GetProperty("error").GetProperty("class").GetString().ShouldBe("ModelFault");
    }

    [Fact]
    public async Task CutStream_HasAnErrorAndNoFinish()
    {
        var answer = await DecodeAsync("""data: {"choices":[{"index":0,"delta":{"content":"a"}}]}""", "--wire", "openai-chat", "--stream");

        answer.GetProperty("text").GetString().ShouldBe("a");
        answer.GetProperty("finish").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("error").GetProperty("class").GetString().ShouldBe("Transient");
    }

    [Fact]
    public async Task Provider_ReadsByTheVendorsRow()
    {
        const string Body =
            """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}}""";

        (await DecodeAsync(Body, "--wire", "openai-chat")).GetProperty("usage").GetProperty("outputTokens").GetInt32().ShouldBe(5);
        (await DecodeAsync(Body, "--wire", "openai-chat", "--provider", "xai"))
            .GetProperty("usage")
            .GetProperty("outputTokens")
            .GetInt32()
            .ShouldBe(8);
    }

    [Fact]
    public async Task Batch_AnswersEachLineWithItsId()
    {
        await WriteAsync("whole.json", Whole);
        await WriteAsync("s.chunks.txt", Chunks);
        const string Lines = """
            {"id":"a","wire":"openai-chat","stream":false,"file":"whole.json"}
            {"id":7,"wire":"openai-chat","stream":true,"file":"s.chunks.txt"}
            {"id":"none","wire":"openai-chat","stream":false,"file":"nowhere.json"}
            {"id":"wire","wire":"openai-chatt","stream":false,"file":"whole.json"}
            not json
            {"id":"bare"}

            {"id":"dir","wire":"openai-chat","file":"."}
            {"id":"yes","wire":"openai-chat","stream":"yes","file":"whole.json"}
            {"id":"\ud83d","wire":"openai-chat","file":"whole.json"}
            {"id":"deep","wire":"anthropic-messages","file":"deep.json"}
            {"id":"ü","wire":"openai-chat","file":"ü.json"}
            []
            """;

        using var process = CliProcess.Start(_directory.Path, [], "decode", "--batch");
        await WriteAsync("ü.json", Whole);
        await WriteAsync(
            "deep.json",
            $$$"""{"type":"message","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":{{{new string('[', 62)}}}{{{new string(']', 62)}}}}}],"stop_reason":"tool_use"}"""
        );
        byte[] input = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Lines.Replace("\n", "\r\n", StringComparison.Ordinal))];
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0);
        var answers = output
            .Trim()
            .Split('\n')
            .Select(l => JsonDocument.Parse(l, new JsonDocumentOptions { MaxDepth = 128 }).RootElement)
            .ToList();
        answers
            .Select(a => a.GetProperty("id").GetRawText())
            .ShouldBe([
                "\"a\"",
                "7",
                "\"none\"",
                "\"wire\"",
                "null",
                "\"bare\"",
                "null",
                "\"dir\"",
                "\"yes\"",
                "null",
                "\"deep\"",
                "\"ü\"",
                "null",
            ]);
        answers[0].GetProperty("text").GetString().ShouldBe("hi");
        (answers[1].GetProperty("text").GetString(), answers[1].GetProperty("finish").GetString()).ShouldBe(("ab", "length"));
        answers[3].GetProperty("error").GetProperty("message").GetString()!.ShouldContain("did you mean 'openai-chat'?");
        answers.Skip(2).SkipLast(4).ShouldAllBe(a => a.GetProperty("error").ValueKind == JsonValueKind.Object);
        answers[8].GetProperty("error").GetProperty("message").GetString()!.ShouldContain("stream");
        answers[10].GetProperty("toolCalls")[0].GetProperty("name").GetString().ShouldBe("f");
        answers[11].GetProperty("text").GetString().ShouldBe("hi");
        answers[12].GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task UnknownWire_IsRefusedWithTheKnownOnes()
    {
        await WriteAsync("body", "{}");

        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, "decode", "--wire", "openai", "body");

        code.ShouldBe(2);
        error.ShouldContain("openai-chat");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task ProvidersAndModels_AreListedAndFiltered()
    {
        var all = JsonDocument.Parse((await CliProcess.RunAsync(_directory.Path, "providers", "--json")).Output).RootElement;
        var seeing = (await CliProcess.RunAsync(_directory.Path, "providers", "--wire", "openai-chat", "--feature", "documents")).Output;
        var sonnets = JsonDocument
            .Parse(
                (
                    await CliProcess.RunAsync(
                        _directory.Path,
                        "models",
                        "sonnet",
                        "--provider",
                        "anthropic",
                        "--can",
                        "reasoning",
                        "--json"
                    )
                ).Output
            )
            .RootElement;
        var table = (await CliProcess.RunAsync(_directory.Path, "models", "--provider", "deepseek")).Output;

        all.GetArrayLength().ShouldBeGreaterThan(20);
        seeing.ShouldContain("openai ");
        seeing.ShouldNotContain("deepseek");
        sonnets.GetArrayLength().ShouldBeGreaterThan(3);
        sonnets
            .EnumerateArray()
            .ShouldAllBe(m =>
                m.GetProperty("id").GetString()!.Contains("sonnet") && m.GetProperty("price").GetProperty("input").GetString() != null
            );
        table.ShouldContain("deepseek/deepseek-v4-flash");
        (await CliProcess.RunAsync(_directory.Path, "providers", "--feature", "flying")).Code.ShouldBe(2);
    }

    public void Dispose() => _directory.Dispose();

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(_directory.File(name), text, TestContext.Current.CancellationToken);

    private async Task<JsonElement> DecodeAsync(string body, params string[] arguments)
    {
        await WriteAsync("body", body);
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, ["decode", .. arguments, "body"]);
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static string Compact(JsonElement element) =>
        System.Text.Json.Nodes.JsonNode.Parse(element.GetRawText())!.ToJsonString(Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
