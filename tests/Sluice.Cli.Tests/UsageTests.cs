using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Cli.Decoding;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What `sluice usage` says of answers, envelopes and usage objects.</summary>
public sealed class UsageTests : IDisposable
{
    private static readonly UsageReader Reader = new(
        (_, model) =>
            model == "known"
                ? new Price
                {
                    Input = 3,
                    Output = 15,
                    CacheRead = 0.3m,
                    CacheWrite = 3.75m,
                    CacheWrite1h = 6,
                    InputAudio = 30,
                }
                : null,
        reportedWins: true
    );

    private readonly TempDirectory _directory = new();

    [Theory]
    [InlineData("openai", "openai-chat", """{"model":"known","usage":{"prompt_tokens":100,"completion_tokens":20}}""")]
    [InlineData("openai", "openai-chat", """{"prompt_tokens":100,"completion_tokens":20}""")]
    [InlineData("openai", "openai-responses", """{"usage":{"input_tokens":100,"output_tokens":20}}""")]
    [InlineData(
        "openai",
        "openai-responses",
        """{"type":"response.completed","response":{"usage":{"input_tokens":100,"output_tokens":20}}}"""
    )]
    [InlineData("anthropic", "anthropic-messages", """{"usage":{"input_tokens":100,"output_tokens":20}}""")]
    [InlineData("anthropic", "anthropic-messages", """{"input_tokens":100,"output_tokens":20}""")]
    [InlineData("google", "gemini", """{"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":20}}""")]
    [InlineData("google", "gemini", """{"promptTokenCount":100,"candidatesTokenCount":20}""")]
    [InlineData("aws", "bedrock-converse", """{"usage":{"inputTokens":100,"outputTokens":20}}""")]
    [InlineData("aws", "bedrock-converse", """{"inputTokens":100,"outputTokens":20}""")]
    [InlineData("ollama", "ollama", """{"prompt_eval_count":100,"eval_count":20}""")]
    [InlineData("workers-ai", "workers-ai", """{"result":{"usage":{"prompt_tokens":100,"completion_tokens":20}},"success":true}""")]
    [InlineData("workers-ai", "workers-ai", """{"prompt_tokens":100,"completion_tokens":20}""")]
    [InlineData(
        "cohere",
        "openai-chat",
        """{"usage":{"billed_units":{"input_tokens":100,"output_tokens":20},"tokens":{"input_tokens":900}}}"""
    )]
    [InlineData("openai", "openai-chat", """{"usage":{"prompt_tokens":100.0,"completion_tokens":2e1}}""")]
    public void Body_WithUsageAndLittleElse_IsRead(string provider, string wire, string body)
    {
        var read = Read(provider, wire, body, "known");

        (Number(read, "inputTokens"), Number(read, "outputTokens"), Text(read, "evidence")).ShouldBe((100, 20, "reported"));
        read["cost"]!.ToJsonString().ShouldBe("0.0006");
    }

    [Fact]
    public void Cost_HasEveryDigit()
    {
        var read = Read(
            "anthropic",
            null,
            """{"input_tokens":1,"cache_read_input_tokens":1,"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":2},"output_tokens":0}""",
            "known"
        );

        (Number(read, "inputTokens"), Number(read, "cacheReadTokens"), Number(read, "cacheWriteTokens")).ShouldBe((7, 1, 5));
        Number(read, "cacheWrite1hTokens").ShouldBe(2);
        read["cost"]!.ToJsonString().ShouldBe("0.00002655");
    }

    [Fact]
    public void Steps_BesideTheAnswersOwnFigures_AreBilledAndShownApart()
    {
        var read = Read(
            "anthropic",
            null,
            """{"input_tokens":220,"output_tokens":8,"iterations":[{"type":"compaction","input_tokens":55196,"output_tokens":125},{"type":"message","input_tokens":220,"output_tokens":8}]}""",
            "known"
        );

        (Number(read, "inputTokens"), Number(read, "besideInputTokens"), Number(read, "besideOutputTokens")).ShouldBe((220, 55_196, 125));
        read["cost"]!.GetValue<decimal>().ShouldBe(((220 + 55_196) * 3m + (8 + 125) * 15m) / 1_000_000);
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":-5,"completion_tokens":1e30,"cost":-1}}""")]
    [InlineData("""{"usage":{"prompt_tokens":"9","completion_tokens":1.5}}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"input_tokens":3}""")]
    [InlineData("{}")]
    public void Body_WithoutUsageThatCanBeTrue_IsUnknownAndHasNoCost(string body)
    {
        var read = Read("openai", "openai-chat", body, "known");

        (Number(read, "inputTokens"), Number(read, "outputTokens"), Text(read, "evidence")).ShouldBe((0, 0, "unknown"));
        read["cost"].ShouldBeNull();
    }

    [Fact]
    public void Part_LargerThanItsWhole_MakesNoOtherPartNegative()
    {
        var read = Read(
            "openai",
            "openai-chat",
            """{"prompt_tokens":1,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":10},"completion_tokens_details":{"audio_tokens":50}}""",
            "known"
        );

        read["cost"]!.GetValue<decimal>().ShouldBe((10 * 0.3m + 50 * 15) / 1_000_000);
    }

    [Theory]
    [InlineData(
        "data: {\"type\":\"message_start\",\"message\":{\"model\":\"known\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n",
        1
    )]
    [InlineData(
        "data: {\"type\":\"message_start\",\"message\":{\"model\":\"known\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"twelve bytes\"}}\n\n",
        3
    )]
    public void Stream_ThatWasCut_IsEstimatedFromWhatWasSeen(string body, long output)
    {
        var read = Read("anthropic", null, body);

        (Text(read, "model"), Number(read, "inputTokens"), Number(read, "outputTokens"), Text(read, "evidence")).ShouldBe(
            ("known", 9, output, "estimated")
        );
    }

    [Fact]
    public void Vendor_WithoutARow_IsReadAsItsWireSays()
    {
        var read = Read("somebody", "openai-chat", """{"prompt_tokens":7,"completion_tokens":2}""");

        Number(read, "inputTokens").ShouldBe(7);
        Text(read, "note")!.ShouldContain("somebody");
        Should.Throw<UserException>(() => Read("opnai", null, "{}")).Message.ShouldContain("did you mean 'openai'?");
    }

    [Fact]
    public void CostThatIsReported_WinsUnlessPricesWereAskedFor()
    {
        const string Body = """{"usage":{"prompt_tokens":100,"completion_tokens":20,"cost":0.5}}""";

        Read("openrouter", null, Body, "known")["cost"]!.ToJsonString().ShouldBe("0.5");
        var byFile = new UsageReader((_, _) => new Price { Input = 10, Output = 0 }, reportedWins: false).Read(
            "openrouter",
            null,
            "any",
            Encoding.UTF8.GetBytes(Body)
        );
        (byFile["cost"]!.ToJsonString(), byFile["reportedCost"]!.ToJsonString()).ShouldBe(("0.001", "0.5"));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}""", FailureClass.RateLimited)]
    [InlineData("[1]", FailureClass.Drift)]
    [InlineData("7", FailureClass.Drift)]
    [InlineData("", FailureClass.Drift)]
    public void Body_ThatIsNoAnswer_IsAFailure(string body, FailureClass failure) =>
        Should.Throw<ProviderException>(() => Read("openai", "openai-chat", body)).Failure.ShouldBe(failure);

    [Fact]
    public async Task Batch_AnswersEveryLineInOrderWhateverIsWrongWithIt()
    {
        string[] lines =
        [
            """{"id":"a","provider":"openai","wire":"openai-chat","model":"gpt-4o","body":{"usage":{"prompt_tokens":1000,"completion_tokens":0}}}""",
            "not json",
            "[]",
            """{"id":3}""",
            """{"id":4,"provider":"openai","wire":"openai-chatt","body":{}}""",
            """{"id":5,"provider":"openai","wire":"openai-chat"}""",
            """{"id":6,"provider":7,"wire":"openai-chat","body":{}}""",
            """{"id":7,"provider":"openai","wire":"openai-chat","body":"\ud800"}""",
            """{"id":{"x":[1]},"provider":"anthropic","wire":"anthropic-messages","body":"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-haiku-4-5\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":5},\"delta\":{\"stop_reason\":\"end_turn\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n"}""",
            "",
            """{"id":"\ud800","provider":"openai","body":{}}""",
            """{"id":9,"provider":"google","wire":"gemini","body":{"promptTokenCount":5}}""",
        ];

        using var process = CliProcess.Start(_directory.Path, [], "usage", "--batch", "--at", "2026-08-01");
        await process.StandardInput.WriteAsync(string.Join('\n', lines));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0);
        var answers = output.Trim().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        answers
            .Select(a => a.GetProperty("id").GetRawText())
            .ShouldBe(["\"a\"", "null", "null", "3", "4", "5", "6", "7", "{\"x\":[1]}", "null", "null", "9"]);
        answers[0].GetProperty("cost").GetRawText().ShouldBe("0.0025");
        answers[1..8].ShouldAllBe(a => a.GetProperty("error").GetProperty("message").GetString()!.Length > 0);
        answers[8].GetProperty("outputTokens").GetInt64().ShouldBe(5);
        answers[8].GetProperty("cost").GetRawText().ShouldBe("0.000034");
        answers[10].GetProperty("evidence").GetString().ShouldBe("unknown");
        answers[11].GetProperty("cost").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task File_IsReadByTheVendorsOwnWireAndAliases()
    {
        await File.WriteAllTextAsync(
            _directory.File("answer.json"),
            """{"modelVersion":"gemini-2.5-flash","usageMetadata":{"promptTokenCount":19,"candidatesTokenCount":6,"thoughtsTokenCount":27}}""",
            TestContext.Current.CancellationToken
        );

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "usage", "--provider", "google", "answer.json");

        code.ShouldBe(0, error);
        var read = JsonDocument.Parse(output).RootElement;
        (read.GetProperty("outputTokens").GetInt64(), read.GetProperty("reasoningTokens").GetInt64()).ShouldBe((33, 27));
        read.GetProperty("cost").GetRawText().ShouldBe("0.0000882");
        (await CliProcess.RunAsync(_directory.Path, "usage", "--provider", "google", "nowhere.json")).Code.ShouldBe(2);
    }

    public void Dispose() => _directory.Dispose();

    private static JsonObject Read(string provider, string? wire, string body, string? model = null) =>
        Reader.Read(provider, wire, model, Encoding.UTF8.GetBytes(body));

    private static long Number(JsonObject read, string name) => read[name]!.GetValue<long>();

    private static string? Text(JsonObject read, string name) => read[name]?.GetValue<string>();
}
