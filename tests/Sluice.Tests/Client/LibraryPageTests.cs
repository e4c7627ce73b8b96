using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Sluice.Catalog;
using Sluice.Testing;

namespace Sluice.Tests.Client;

/// <summary>The code of <c>docs/library.md</c> is this code, and it does what the page says.</summary>
public sealed partial class LibraryPageTests
{
    [Fact]
    public void Page_ShowsCodeThatRunsHere()
    {
        var here = Lines(File.ReadAllText(Repository.PathOf("tests/Sluice.Tests/Client/LibraryPageTests.cs")));
        var blocks = Blocks().Matches(File.ReadAllText(Repository.PathOf("docs/library.md"))).Select(m => m.Groups["text"].Value).ToList();

        blocks.Count.ShouldBe(6);
        blocks.Where(b => !here.Contains(Lines(b), StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Code_OfThePage_AsksAnswersAndGoesOn()
    {
        var script = ProviderScript.All["anthropic-messages"];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        var cell = ConversationCells.All.Single(c => c is { Wire: "anthropic-messages", Ability: "citations" });
        var whole = ("application/json", Encoding.UTF8.GetBytes(script.Whole(cell.Answer!.Value, cell.Finish)));
        var (client, handbook) = (route.Client, new DataContent("data:application/pdf;base64,JVBERi0="));

        var options = new ChatOptions
        {
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High, Output = ReasoningOutput.Summary },
            PromptCacheKey = "agent-7",
            ServiceTier = "flex",
            Tenant = "acme",
            Deadline = TimeSpan.FromSeconds(90),
        };

        List<ChatMessage> messages =
        [
            new ChatMessage(ChatRole.System, "You answer from the handbook.").WithCacheControl(CacheTtl.OneHour),
            new ChatMessage(ChatRole.User, [handbook.WithCitations(), new TextContent("What colour is the sky?")]),
        ];

        options.WithProviderOptions("anthropic", new JsonObject { ["inference_geo"] = "eu" });
        options.Tools =
        [
            new HostedWebSearchTool(),
            new ProviderTool(WireKind.AnthropicMessages, new JsonObject { ["type"] = "web_fetch_20250910", ["name"] = "web_fetch" }),
        ];

        (route.Server.AnswerType, route.Server.Answer) = whole;
        await AnswerAsync(client, messages, options);
        (route.Server.AnswerType, route.Server.Answer) = (script.StreamType, script.Stream(cell.Answer!.Value, cell.Finish));
        await StreamAsync(client, messages, options);
        (route.Server.AnswerType, route.Server.Answer) = whole;
        await GoOnAsync(client, messages, options);

        var sent = route.Server.Requests[^1];
        sent.GetProperty("inference_geo").GetString().ShouldBe("eu");
        sent.GetProperty("system")[0].GetProperty("cache_control").GetProperty("ttl").GetString().ShouldBe("1h");
        sent.GetProperty("tools").GetArrayLength().ShouldBe(2);
        var turns = sent.GetProperty("messages");
        turns[0].GetProperty("content")[0].GetProperty("citations").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        turns[1].GetProperty("content").GetRawText().ShouldContain("very high");
        turns[2].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("And at night?");
    }

    private static async Task AnswerAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options)
    {
        var response = await client.GetResponseAsync(messages, options);
        var contents = response.Messages.SelectMany(m => m.Contents);
        foreach (var source in contents.SelectMany(c => c.Annotations ?? []).OfType<CitationAnnotation>())
        {
            Console.WriteLine($"{source.Title}: {source.Snippet}");
        }

        var receipt = response.GetReceipt()!;
        Console.WriteLine($"{receipt.Target}, {receipt.Cost} USD, left out: {receipt.Degradations.Count}");
        receipt.Degradations.Select(d => d.Feature).ShouldContain("prompt_cache_key");
    }

    private static async Task StreamAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(messages, options))
        {
            Console.Write(update.Text);
            updates.Add(update);
        }

        messages.AddMessages(updates);
        messages[^1].Text.ShouldBe("It is blue and high.");
    }

    private static async Task GoOnAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options)
    {
        var stored = JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions);
        var loaded = JsonSerializer.Deserialize<List<ChatMessage>>(stored, AIJsonUtilities.DefaultOptions)!;
        loaded.Add(new ChatMessage(ChatRole.User, "And at night?"));
        await client.GetResponseAsync(loaded, options);
    }

    /// <summary>Line by line, wherever it is indented to.</summary>
    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim())).Trim();

    [GeneratedRegex("^```csharp\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
