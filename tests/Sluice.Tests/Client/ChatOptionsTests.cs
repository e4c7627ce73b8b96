using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sluice.Catalog;

namespace Sluice.Tests.Client;

/// <summary>What applications ask for reaches the provider in its own words, also from options that were stored.</summary>
public sealed class ChatOptionsTests
{
    private static ChatOptions Everything =>
        new()
        {
            MaxOutputTokens = 4_000,
            ThinkingBudgetTokens = 2_000,
            PromptCacheKey = "agent-7",
            ServiceTier = "flex",
            Logprobs = true,
            TopLogprobs = 3,
            EndUserId = "user-9",
            Tenant = "acme",
            Tags = ["nightly", "search"],
            Deadline = TimeSpan.FromSeconds(90),
        };

    [Theory]
    [InlineData(
        "anthropic-messages",
        """{"thinking":{"type":"enabled","budget_tokens":2000},"metadata":{"user_id":"user-9"}}""",
        "logprobs,prompt_cache_key,service_tier"
    )]
    [InlineData(
        "openai-responses",
        """{"reasoning":{"effort":"low","summary":"auto"},"prompt_cache_key":"agent-7","service_tier":"flex","user":"user-9"}""",
        "thinking.budget_tokens,top_logprobs"
    )]
    [InlineData(
        "gemini",
        """{"generationConfig":{"maxOutputTokens":4000,"responseLogprobs":true,"logprobs":3,"thinkingConfig":{"thinkingBudget":2000,"includeThoughts":true}}}""",
        "prompt_cache_key,user"
    )]
    [InlineData(
        "openai-chat",
        """{"reasoning_effort":"low","prompt_cache_key":"agent-7","service_tier":"flex","user":"user-9"}""",
        "logprobs,thinking.budget_tokens,top_logprobs"
    )]
    [InlineData(
        "ollama",
        """{"think":"low","logprobs":true,"top_logprobs":3}""",
        "prompt_cache_key,service_tier,thinking.budget_tokens,user"
    )]
    public async Task Options_ReachTheProvider_OrAreOnTheReceipt(string wire, string members, string lost)
    {
        await using var route = await RouteAsync(wire);

        var direct = await AskAsync(route, Everything);
        var stored = await AskAsync(route, Stored(Everything));

        var sent = JsonNode.Parse(route.Server.Requests[0].GetRawText())!.AsObject();
        foreach (var (name, expected) in JsonNode.Parse(members)!.AsObject())
        {
            JsonNode.DeepEquals(sent[name], expected).ShouldBeTrue($"{name} is {sent[name]?.ToJsonString()}");
        }

        route.Server.Requests[1].GetRawText().ShouldBe(route.Server.Requests[0].GetRawText());
        foreach (var response in (ChatResponse[])[direct, stored])
        {
            string.Join(',', response.GetReceipt()!.Degradations.Select(d => d.Feature).Order()).ShouldBe(lost);
        }
    }

    [Fact]
    public void Options_StoredAndCloned_KeepTheirValues()
    {
        foreach (var options in (ChatOptions[])[Stored(Everything), Everything.Clone()])
        {
            options.ThinkingBudgetTokens.ShouldBe(2_000);
            options.PromptCacheKey.ShouldBe("agent-7");
            options.ServiceTier.ShouldBe("flex");
            (options.Logprobs, options.TopLogprobs).ShouldBe((true, 3));
            (options.EndUserId, options.Tenant).ShouldBe(("user-9", "acme"));
            options.Tags.ShouldBe(["nightly", "search"]);
            options.Deadline.ShouldBe(TimeSpan.FromSeconds(90));
            options.AdaptiveThinking.ShouldBeNull();
        }

        var emptied = Everything;
        emptied.ServiceTier = null;
        emptied.AdditionalProperties!.ContainsKey("sluice.serviceTier").ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, """{"type":"adaptive","display":"omitted"}""", "max")]
    [InlineData(null, null, null)]
    public async Task AdaptiveThinking_IsSaidWithEffortAndWithoutText(bool? adaptive, string? thinking, string? effort)
    {
        await using var route = await RouteAsync("anthropic-messages");
        var options = new ChatOptions
        {
            AdaptiveThinking = adaptive,
            ReasoningEffortName = effort,
            Reasoning = adaptive is null ? null : new ReasoningOptions { Output = ReasoningOutput.None },
        };

        await AskAsync(route, options);

        var sent = route.Server.Requests.Single();
        (sent.TryGetProperty("thinking", out var said) ? said.GetRawText() : null).ShouldBe(thinking);
        (sent.TryGetProperty("output_config", out var config) ? config.GetProperty("effort").GetString() : null).ShouldBe(effort);
    }

    [Fact]
    public async Task ProviderOptions_ReachTheNamedProviderAlone()
    {
        await using var route = await RouteAsync("anthropic-messages");
        var options = new ChatOptions()
            .WithProviderOptions(
                "anthropic",
                new JsonObject
                {
                    ["inference_geo"] = "eu",
                    ["context_management"] = new JsonObject { ["edits"] = new JsonArray() },
                }
            )
            .WithProviderOptions("anthropic", new JsonObject { ["inference_geo"] = "us" })
            .WithProviderOptions("openai", new JsonObject { ["verbosity"] = "low" });

        var response = await AskAsync(route, Stored(options));

        var sent = route.Server.Requests.Single();
        sent.GetProperty("inference_geo").GetString().ShouldBe("us");
        sent.TryGetProperty("context_management", out _).ShouldBeTrue();
        sent.TryGetProperty("verbosity", out _).ShouldBeFalse();
        response.GetReceipt()!.Degradations.ShouldBeEmpty();
        options.GetProviderOptions("openai")!.ToJsonString().ShouldBe("""{"verbosity":"low"}""");
        options.GetProviderOptions("gemini").ShouldBeNull();
    }

    [Fact]
    public async Task ProviderOptions_CannotChooseTheModel()
    {
        await using var route = await RouteAsync("anthropic-messages");
        var options = new ChatOptions().WithProviderOptions("anthropic", new JsonObject { ["model"] = "other" });

        (await Should.ThrowAsync<ArgumentException>(() => AskAsync(route, options))).Message.ShouldContain(
            "providerOptions.anthropic.model"
        );
    }

    [Fact]
    public async Task MarkedFunction_MarksTheToolAndStaysAFunction()
    {
        await using var route = await RouteAsync("anthropic-messages");
        var function = AIFunctionFactory.Create((int n) => n + 1, "next").WithCacheControl(CacheTtl.OneHour);

        await AskAsync(route, new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one"), function] });

        var tools = route.Server.Requests.Single().GetProperty("tools");
        tools[0].TryGetProperty("cache_control", out _).ShouldBeFalse();
        tools[1].GetProperty("cache_control").GetRawText().ShouldBe("""{"type":"ephemeral","ttl":"1h"}""");
        var result = await function.InvokeAsync(new AIFunctionArguments { ["n"] = 1 }, TestContext.Current.CancellationToken);
        result!.ToString().ShouldBe("2");
    }

    [Fact]
    public async Task StrictSchema_IsSaidAsOtherClientsSayIt()
    {
        await using var route = await RouteAsync("openai-chat");
        var strict = AIFunctionFactory.Create(
            (string city) => city,
            new AIFunctionFactoryOptions
            {
                Name = "f",
                AdditionalProperties = new Dictionary<string, object?> { ["strictJsonSchema"] = true },
            }
        );
        var options = new ChatOptions
        {
            Tools = [strict],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer"),
            AdditionalProperties = new AdditionalPropertiesDictionary { ["strictJsonSchema"] = true },
        };

        await AskAsync(route, options);

        var sent = route.Server.Requests.Single();
        sent.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean().ShouldBeTrue();
        sent.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(
        "openai-responses",
        """[{"type":"web_search"},{"type":"code_interpreter","container":{"type":"auto","file_ids":["file_1"]}},{"type":"file_search","vector_store_ids":["vs_1"],"max_num_results":4},{"type":"mcp","server_label":"docs","server_url":"https://mcp.example","allowed_tools":["find"],"headers":{"x-key":"k"},"require_approval":{"always":{"tool_names":["write"]},"never":{"tool_names":["find"]}}},{"type":"image_generation"}]""",
        ""
    )]
    [InlineData(
        "anthropic-messages",
        """[{"type":"web_search_20250305","name":"web_search"}]""",
        "tools.code_interpreter,tools.file_search,tools.image_generation,tools.mcp"
    )]
    [InlineData(
        "gemini",
        """[{"googleSearch":{}},{"codeExecution":{}}]""",
        "tools.code_interpreter,tools.file_search,tools.image_generation,tools.mcp"
    )]
    [InlineData("ollama", null, "code_interpreter,file_search,image_generation,mcp,web_search")]
    public async Task HostedTools_AreAskedForWhereTheProviderHasThem(string wire, string? tools, string lost)
    {
        await using var route = await RouteAsync(wire);
        var options = new ChatOptions
        {
            Tools =
            [
                new HostedWebSearchTool(),
                new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("file_1")] },
                new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("vs_1")], MaximumResultCount = 4 },
                new HostedMcpServerTool("docs", "https://mcp.example")
                {
                    AllowedTools = ["find"],
                    Headers = new Dictionary<string, string> { ["x-key"] = "k" },
                    ApprovalMode = HostedMcpServerToolApprovalMode.RequireSpecific(["write"], ["find"]),
                },
                new HostedImageGenerationTool(),
            ],
        };

        var response = await AskAsync(route, options);

        var sent = route.Server.Requests.Single();
        (sent.TryGetProperty("tools", out var said) ? said.GetRawText() : null).ShouldBe(tools);
        string.Join(',', response.GetReceipt()!.Degradations.Select(d => d.Feature).Order()).ShouldBe(lost);
    }

    [Theory]
    [InlineData("anthropic-messages", """[{"type":"web_fetch_20250910","name":"web_fetch"}]""", "")]
    [InlineData("gemini", null, "tools.web_fetch_20250910")]
    public async Task ProviderTool_IsSentToItsOwnProtocolAlone(string wire, string? tools, string lost)
    {
        await using var route = await RouteAsync(wire);
        var tool = new ProviderTool(WireKind.AnthropicMessages, new JsonObject { ["type"] = "web_fetch_20250910", ["name"] = "web_fetch" });

        var response = await AskAsync(route, new ChatOptions { Tools = [tool] });

        var sent = route.Server.Requests.Single();
        (sent.TryGetProperty("tools", out var said) ? said.GetRawText() : null).ShouldBe(tools);
        string.Join(',', response.GetReceipt()!.Degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Fact]
    public async Task WhatNoRecordHolds_IsOnTheReceipt()
    {
        await using var route = await RouteAsync("openai-chat");
        var options = new ChatOptions
        {
            ConversationId = "conv_1",
            AllowBackgroundResponses = true,
            RawRepresentationFactory = _ => new object(),
            Tools = [new HostedWebSearchTool(new Dictionary<string, object?> { ["country"] = "DE" })],
        };
        var message = new ChatMessage(ChatRole.User, [new TextContent("hi"), new HostedVectorStoreContent("vs_1"), new ErrorContent("odd")])
        {
            AuthorName = "Ann",
        };

        var response = await route.Client.GetResponseAsync([message], options, TestContext.Current.CancellationToken);

        response
            .GetReceipt()!
            .Degradations.Select(d => d.Feature)
            .ShouldBe(
                [
                    "tools.web_search.country",
                    "conversationId",
                    "allowBackgroundResponses",
                    "rawRepresentationFactory",
                    "HostedVectorStoreContent",
                    "ErrorContent",
                    "AuthorName",
                ],
                ignoreOrder: true
            );
    }

    private static async Task<LibraryRoute> RouteAsync(string wire)
    {
        var script = ProviderScript.All[wire];
        var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        var plain = ConversationCells.All.First(c => c.Wire == wire && c.Answer is not null);
        route.Server.Answer = Encoding.UTF8.GetBytes(script.Whole(plain.Answer!.Value, plain.Finish));
        return route;
    }

    private static Task<ChatResponse> AskAsync(LibraryRoute route, ChatOptions options) =>
        route.Client.GetResponseAsync("hi", options, TestContext.Current.CancellationToken);

    private static ChatOptions Stored(ChatOptions options) =>
        JsonSerializer.Deserialize<ChatOptions>(
            JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions),
            AIJsonUtilities.DefaultOptions
        )!;
}
