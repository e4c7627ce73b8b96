using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Sluice.Tests.Client;

/// <summary>A conversation that is stored and loaded again goes on as if it never was: the provider is sent the same, and what it expects.</summary>
public sealed class StoredConversationTests
{
    /// <summary>How the application keeps an answer.</summary>
    public enum Keeping
    {
        /// <summary>It is not streamed.</summary>
        Whole,

        /// <summary>Its updates are merged.</summary>
        Merged,

        /// <summary>The contents of its updates are kept as they came.</summary>
        Pieces,
    }

    public static TheoryData<string, string, Keeping> Cells
    {
        get
        {
            var data = new TheoryData<string, string, Keeping>();
            foreach (var cell in ConversationCells.All)
            {
                foreach (var keeping in cell.Answer is null ? [Keeping.Whole] : Enum.GetValues<Keeping>())
                {
                    data.Add(cell.Wire, cell.Ability, keeping);
                }
            }

            return data;
        }
    }

    [Fact]
    public void Cells_AreOneForEachWireAndAbility()
    {
        string[] abilities = ["reasoning", "redacted", "tools", "citations", "server-tool", "refusal", "cache", "image", "document"];

        ConversationCells
            .All.Select(c => (c.Wire, c.Ability))
            .ShouldBe(ProviderScript.All.Keys.SelectMany(wire => abilities.Select(ability => (wire, ability))), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task NextTurn_IsTheSameAfterStoring_AndWhatTheProviderExpects(string wire, string ability, Keeping keeping)
    {
        var cell = ConversationCells.All.Single(c => c.Wire == wire && c.Ability == ability);
        var script = ProviderScript.All[wire];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        var messages = new List<ChatMessage> { Question(ability) };
        if (cell.Answer is { } answer)
        {
            (route.Server.Answer, route.Server.AnswerType) =
                keeping != Keeping.Whole
                    ? (script.Stream(answer, cell.Finish), script.StreamType)
                    : (Encoding.UTF8.GetBytes(script.Whole(answer, cell.Finish)), "application/json");
            messages.AddRange((await AskAsync(route, messages, keeping)).Messages);
        }
        else
        {
            messages.Add(FromElsewhere(ability));
        }

        GoOn(messages, ability);
        messages
            .SelectMany(m => m.Contents)
            .SelectMany(c => (c.Annotations ?? []).Select(a => a.AdditionalProperties).Append(c.AdditionalProperties))
            .ShouldAllBe(p => IsJson(p));
        var plain = ConversationCells.All.First(c => c.Wire == wire && c.Answer is not null);
        (route.Server.Answer, route.Server.AnswerType) = (
            Encoding.UTF8.GetBytes(script.Whole(plain.Answer!.Value, plain.Finish)),
            "application/json"
        );

        var direct = await AskAsync(route, messages, Keeping.Whole);
        var stored = await AskAsync(route, Stored(messages), Keeping.Whole);

        var (sent, again) = (route.Server.Requests[^2], route.Server.Requests[^1]);
        again.GetRawText().ShouldBe(sent.GetRawText());
        var turns = JsonNode.Parse(sent.GetProperty(script.Turns).GetRawText());
        JsonNode.DeepEquals(turns, cell.Turns).ShouldBeTrue($"{turns!.ToJsonString()}\nis not\n{cell.Turns.ToJsonString()}");
        foreach (var response in (ChatResponse[])[direct, stored])
        {
            string.Join(',', response.GetReceipt()!.Degradations.Select(d => d.Feature).Distinct().Order()).ShouldBe(cell.Lost);
        }
    }

    /// <summary>Whether the values need no type of ours to be stored, which ahead-of-time compiled applications could not do.</summary>
    private static bool IsJson(AdditionalPropertiesDictionary? properties) =>
        (properties ?? []).Values.All(v => v is string or bool or long or JsonElement);

    /// <summary>Exactly as applications store it.</summary>
    private static List<ChatMessage> Stored(List<ChatMessage> messages) =>
        JsonSerializer.Deserialize<List<ChatMessage>>(
            JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions),
            AIJsonUtilities.DefaultOptions
        )!;

    private static async Task<ChatResponse> AskAsync(LibraryRoute route, List<ChatMessage> messages, Keeping keeping)
    {
        var tool = AIFunctionFactory.Create((string city) => city, "weather");
        var options = new ChatOptions { Tools = [tool] };
        if (keeping == Keeping.Whole)
        {
            return await route.Client.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);
        }

        var updates = await route
            .Client.GetStreamingResponseAsync(messages, options, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        return keeping == Keeping.Merged
            ? updates.ToChatResponse()
            : new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. updates.SelectMany(u => u.Contents)]));
    }

    private static ChatMessage Question(string ability) =>
        ability switch
        {
            "image" => new ChatMessage(
                ChatRole.User,
                [
                    new TextContent("go"),
                    new DataContent("data:image/png;base64,iVBORw0KGgo="),
                    new UriContent("https://a.example/b.png", "image/png"),
                ]
            ),
            "document" => new ChatMessage(
                ChatRole.User,
                [
                    new TextContent("go"),
                    new DataContent("data:application/pdf;base64,JVBERi0=") { Name = "a.pdf" }.WithCitations(),
                    new DataContent(Encoding.UTF8.GetBytes("plain"), "text/plain"),
                ]
            ),
            "cache" => new ChatMessage(ChatRole.User, "go").WithCacheControl(CacheTtl.OneHour),
            _ => new ChatMessage(ChatRole.User, "go"),
        };

    /// <summary>A turn that another provider answered before.</summary>
    private static ChatMessage FromElsewhere(string ability) =>
        new(
            ChatRole.Assistant,
            ability switch
            {
                "refusal" => [new ErrorContent("I cannot") { ErrorCode = "Refusal" }],
                "citations" =>
                [
                    new TextContent("blue") { Annotations = [new CitationAnnotation { Title = "A", Url = new Uri("https://a.example") }] },
                ],
                "server-tool" =>
                [
                    new WebSearchToolCallContent("srvtoolu_1")
                    {
                        AdditionalProperties = new AdditionalPropertiesDictionary
                        {
                            ["sluice.wire"] = "anthropic-messages",
                            ["sluice.type"] = "server_tool_use",
                            ["sluice.json"] = JsonElement.Parse(
                                """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}"""
                            ),
                        },
                    },
                    new TextContent("hi"),
                ],
                "redacted" => [new TextReasoningContent("") { ProtectedData = "redacted:ENC" }, new TextContent("hi")],
                _ => [new TextReasoningContent("hmm") { ProtectedData = "SIG" }, new TextContent("hi")],
            }
        );

    /// <summary>Answers calls, the first well and the second not, and asks on.</summary>
    private static void GoOn(List<ChatMessage> messages, string ability)
    {
        var calls = messages[^1].Contents.OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
        {
            calls.Count.ShouldBe(2);
            var weather = new Dictionary<string, object?> { ["sky"] = "sunny" };
            messages.Add(
                new ChatMessage(
                    ChatRole.Tool,
                    [
                        new FunctionResultContent(calls[0].CallId, weather),
                        new FunctionResultContent(calls[1].CallId, "boom") { IsError = true },
                    ]
                )
            );
        }

        if (ability == "cache")
        {
            messages[^1].WithCacheControl();
        }

        messages.Add(new ChatMessage(ChatRole.User, "next"));
    }
}
