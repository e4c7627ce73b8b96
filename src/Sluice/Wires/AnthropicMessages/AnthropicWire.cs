using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;
using Sluice.Wires.Sse;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Anthropic Messages. Source: https://docs.anthropic.com/en/api/messages.</summary>
internal sealed class AnthropicWire : IWire
{
    public WireKind Kind => WireKind.AnthropicMessages;

    public ICodec Codec { get; } = new AnthropicCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new AnthropicObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options with { AskUsage = false }, OutputLimits.OfChat);

    /// <summary>Models differ in how they are told to think, and refuse the other way.</summary>
    public bool Passes(RequestHead head, Target target) =>
        target.Card.Thinking == ThinkingStyle.Any
        || head.Members.Object("thinking") is not { } thinking
        || JsonText.String(thinking.Value("type")) is var type
            && (target.Card.Thinking == ThinkingStyle.Budget ? type != "adaptive" : type is not ("enabled" or "disabled"));

    public bool Says(ServerTool tool) => MessagesToolsWriter.Says(tool);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var content = RequestScan.Of(members.Value("messages"));
        List<Degradation> degradations = [];
        if (content.Unsigned)
        {
            members = JsonMembers.Read(UnsignedThinking.Remove(members, degradations));
        }

        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? HeadMembers.Model(members),
            UsageAsked = true,
            Degradations = degradations,
            Features = new CallFeatures
            {
                Stream = HeadMembers.Stream(members),
                OutputLimit = OutputLimits.Of(members, OutputLimits.OfChat),
                ThinkingBudget = members.Object("thinking") is { } thinking ? JsonText.Int64(thinking.Value("budget_tokens")) : null,
                Tools = !members.Value("tools").IsEmpty,
                ServerTools = HasServerTools(members.Value("tools")) || !members.Value("mcp_servers").IsEmpty,
                Images = content.Images,
                UnboundedInput = content.Unbounded || !members.Value("container").IsEmpty,
            },
        };
    }

    /// <summary>Tools with a type of Anthropic's that the caller nevertheless runs himself.</summary>
    private static readonly string[] RunByTheCaller = ["custom", "bash_", "text_editor_", "computer_", "memory_"];

    /// <summary>A tool that names a type of its own is run by Anthropic, with a few exceptions; untyped ones are the caller's.</summary>
    private static bool HasServerTools(ReadOnlySpan<byte> tools)
    {
        var reader = new Utf8JsonReader(tools, new JsonReaderOptions { MaxDepth = 256 });
        while (!tools.IsEmpty && reader.Read())
        {
            if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (
                    reader.TokenType == JsonTokenType.String
                    && reader.GetString() is { } type
                    && !Array.Exists(RunByTheCaller, own => type.StartsWith(own, StringComparison.Ordinal))
                )
                {
                    return true;
                }
            }
        }

        return false;
    }
}
