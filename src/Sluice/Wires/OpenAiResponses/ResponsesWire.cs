using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;
using Sluice.Wires.Sse;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>OpenAI Responses. Source: https://platform.openai.com/docs/api-reference/responses.</summary>
internal sealed class ResponsesWire : IWire
{
    public WireKind Kind => WireKind.OpenAiResponses;

    public ICodec Codec { get; } = new ResponsesCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new ResponsesObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options with { AskUsage = false }, "max_output_tokens");

    public bool Says(ServerTool tool) => ResponsesToolsWriter.Says(tool);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var input = ResponsesScan.Of(members.Value("input"));
        var state = State(members, input.References);
        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? JsonText.String(members.Value("model")) ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = JsonText.IsTrue(members.Value("stream")),
                OutputLimit = JsonText.Int64(members.Value("max_output_tokens")),
                Tools = !members.Value("tools").IsEmpty,
                ServerTools = HasServerTools(members.Value("tools")),
                Images = input.Images,
                UnboundedInput = input.Unbounded || state.Count > 0 || !members.Value("prompt").IsEmpty,
                Stateful = JsonText.IsTrue(members.Value("store")) || JsonText.IsTrue(members.Value("background")),
                State = state,
            },
        };
    }

    /// <summary>What the request goes on from. A conversation is named by its id or as an object that has one.</summary>
    private static List<StateReference> State(JsonMembers members, IReadOnlyList<string> references)
    {
        var state = new List<StateReference>();
        if (JsonText.String(members.Value("previous_response_id")) is { } previous)
        {
            state.Add(new StateReference("previous_response_id", previous));
        }

        var named = members.Object("conversation") is { } described ? described.Value("id") : members.Value("conversation");
        if (JsonText.String(named) is { } conversation)
        {
            state.Add(new StateReference("conversation", conversation));
        }

        state.AddRange(references.Select(id => new StateReference("input", id)));
        return state;
    }

    /// <summary>Tools that the caller runs himself; every other type is run by the provider.</summary>
    private static readonly string[] RunByTheCaller =
    [
        "function",
        "custom",
        "local_shell",
        "apply_patch",
        "computer",
        "computer_use_preview",
    ];

    private static bool HasServerTools(ReadOnlySpan<byte> tools)
    {
        var reader = new Utf8JsonReader(tools, new JsonReaderOptions { MaxDepth = 256 });
        while (!tools.IsEmpty && reader.Read())
        {
            if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !RunByTheCaller.Contains(reader.GetString()))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
