using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Sse;

namespace Sluice.Wires.OpenAiChat;

/// <summary>OpenAI Chat Completions. Source: https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class OpenAiChatWire : IWire
{
    public WireKind Kind => WireKind.OpenAiChat;

    public ICodec Codec { get; } = new OpenAiChatCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features) => new OpenAiChatObserver(features.Choices);

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) => Splices.Apply(head, target, options);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body)
    {
        var members = JsonMembers.Read(body);
        var stream = HeadMembers.Stream(members);
        var content = RequestScan.Of(members.Value("messages"));
        return new RequestHead
        {
            Members = members,
            Model = HeadMembers.Model(members),
            UsageAsked = stream && members.Object("stream_options") is { } options && JsonText.IsTrue(options.Value("include_usage")),
            Features = new CallFeatures
            {
                Stream = stream,
                OutputLimit = OutputLimits.Of(members),
                Choices = (int)Math.Clamp(JsonText.Int64(members.Value("n")) ?? 1, 1, 1024),
                Tools = !members.Value("tools").IsEmpty || !members.Value("functions").IsEmpty,
                ServerTools = !members.Value("web_search_options").IsEmpty,
                Images = content.Images,
                UnboundedInput = content.Unbounded,
                Stateful = JsonText.IsTrue(members.Value("store")),
            },
        };
    }
}
