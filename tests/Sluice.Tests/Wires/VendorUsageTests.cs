using System.Text;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Tests.Wires;

/// <summary>Where each vendor reports what was used and what it cost, by its row.</summary>
public sealed class VendorUsageTests
{
    /// <summary>vendor, body, "input/output/cached/reasoning", dollars.</summary>
    public static TheoryData<string, string, string, string?> Answers() =>
        new()
        {
            {
                "openai",
                Usage(
                    """{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}"""
                ),
                "9/5/4/3",
                null
            },
            { "azure", Usage("""{"prompt_tokens":9,"completion_tokens":5,"reasoning_tokens":3,"total_tokens":14}"""), "9/5/0/3", null },
            {
                "groq",
                Usage("""{"queue_time":0.1,"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"total_time":0.2}"""),
                "9/5/0/0",
                null
            },
            {
                "groq",
                """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"prompt_tokens":9,"completion_tokens":5}}}""",
                "9/5/0/0",
                null
            },
            {
                "cerebras",
                Usage(
                    """{"total_tokens":14,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3},"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}"""
                ),
                "9/5/4/3",
                null
            },
            {
                "mistral",
                Usage("""{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4},"service_tier":"x"}"""),
                "9/5/4/0",
                null
            },
            {
                "deepseek",
                Usage(
                    """{"prompt_tokens":9,"completion_tokens":5,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}"""
                ),
                "9/5/4/3",
                null
            },
            {
                "xai",
                Usage("""{"prompt_tokens":9,"completion_tokens":5,"total_tokens":17,"completion_tokens_details":{"reasoning_tokens":3}}"""),
                "9/8/0/3",
                null
            },
            {
                "openrouter",
                Usage(
                    """{"prompt_tokens":9,"completion_tokens":5,"cost":0.25,"cost_details":{"upstream_inference_cost":0.2},"is_byok":false}"""
                ),
                "9/5/0/0",
                "0.25"
            },
            { "together", Usage("""{"prompt_tokens":9,"completion_tokens":5,"cached_tokens":4}"""), "9/5/4/0", null },
            {
                "perplexity",
                Usage(
                    """{"prompt_tokens":9,"completion_tokens":5,"reasoning_tokens":3,"num_search_queries":2,"cost":{"input_tokens_cost":0.00002,"request_cost":0.005,"total_cost":0.00504}}"""
                ),
                "9/8/0/3",
                "0.00504"
            },
            {
                "venice",
                """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"cost":{"usd":0.5,"diem":0},"usage":{"prompt_tokens":9,"completion_tokens":5,"cache_read_input_tokens":4}}""",
                "9/5/4/0",
                "0.5"
            },
            {
                "llama-cpp",
                """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"timings":{"cache_n":4},"usage":{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}}""",
                "9/5/4/0",
                null
            },
            { "vllm", Usage("""{"prompt_tokens":9,"completion_tokens":5,"total_tokens":17,"reasoning_tokens":3}"""), "9/8/0/3", null },
            { "vllm", Usage("""{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"reasoning_tokens":3}"""), "9/5/0/3", null },
            { "deepseek", Usage("""{"prompt_tokens":9,"completion_tokens":5,"cost":1,"reasoning_tokens":3}"""), "9/5/0/0", null },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public void WholeAnswer_IsCountedByTheVendorsRow(string vendor, string body, string tokens, string? dollars)
    {
        var facts = new OpenAiChatWire().Observe(new CallFeatures(), TestTargets.Named(vendor));
        facts.ObserveWhole(Encoding.UTF8.GetBytes(body));

        var usage = facts.Usage!;
        $"{usage.InputTokens}/{usage.OutputTokens}/{usage.CacheReadTokens}/{usage.ReasoningTokens}".ShouldBe(tokens);
        usage.ReportedCost.ShouldBe(
            dollars is null ? null : Credits.FromDollars(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public void Perplexity_CostsNothingUntilTheAnswerIsDone()
    {
        var facts = new OpenAiChatWire().Observe(new CallFeatures(), TestTargets.Named("perplexity"));

        Observe(
            facts,
            """{"usage":{"prompt_tokens":9,"completion_tokens":5,"cost":{"total_cost":0}},"choices":[{"index":0,"delta":{"content":"a"},"message":{"content":"a"}}]}"""
        );
        facts.Usage!.ReportedCost.ShouldBeNull();

        Observe(
            facts,
            """{"usage":{"prompt_tokens":9,"completion_tokens":6,"cost":{"total_cost":0.005}},"object":"chat.completion.done","choices":[{"index":0,"delta":{"content":""},"message":{"content":"ab"},"finish_reason":"stop"}]}"""
        );
        facts.Usage!.ReportedCost.ShouldBe(Credits.FromDollars(0.005m));
        facts.Terminated.ShouldBeTrue();
    }

    [Fact]
    public void Perplexity_RepeatedMessage_IsNotSaidTwice()
    {
        var facts = new OpenAiChatWire().Observe(new CallFeatures(), TestTargets.Named("perplexity"));

        Observe(facts, """{"choices":[{"index":0,"delta":{"content":"ab"},"message":{"content":"ab"}}]}""");
        Observe(facts, """{"choices":[{"index":0,"delta":{"content":"cd"},"message":{"content":"abcd"}}]}""");

        facts.ContentBytes.ShouldBe(4);
    }

    [Fact]
    public void Venice_CostBesideUsageInAStream_IsTheAnswersCost()
    {
        var facts = new OpenAiChatWire().Observe(new CallFeatures(), TestTargets.Named("venice"));

        Observe(facts, """{"choices":[{"index":0,"delta":{"content":null,"role":null},"finish_reason":"stop"}],"usage":null}""");
        Observe(facts, """{"choices":[],"cost":{"usd":0.5,"diem":0},"usage":{"prompt_tokens":9,"completion_tokens":5}}""");

        facts.Usage!.ReportedCost.ShouldBe(Credits.FromDollars(0.5m));
    }

    private static string Usage(string usage) =>
        $$"""{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{{usage}}}""";

    private static void Observe(AnswerObserver facts, string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        facts.Observe(new Frame { Length = bytes.Length, Data = bytes });
    }
}
