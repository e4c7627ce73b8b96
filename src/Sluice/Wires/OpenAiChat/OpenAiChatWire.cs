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
        var scan = new RequestHead
        {
            Body = body,
            Model = "",
            Features = new CallFeatures(),
            Members = MemberScan.Of(body.Span),
        };
        var stream = JsonText.IsTrue(scan.Value("stream"));
        var (images, remote) = RequestScan.Of(scan.Value("messages"));
        return new RequestHead
        {
            Body = body,
            Members = scan.Members,
            Model = JsonText.String(scan.Value("model")) ?? "",
            UsageAsked = stream && AsksUsage(scan),
            Features = new CallFeatures
            {
                Stream = stream,
                OutputLimit = JsonText.Int64(scan.Value("max_completion_tokens")) ?? JsonText.Int64(scan.Value("max_tokens")),
                Choices = (int)Math.Clamp(JsonText.Int64(scan.Value("n")) ?? 1, 1, 1024),
                Tools = !scan.Value("tools").IsEmpty || !scan.Value("functions").IsEmpty,
                ServerTools = !scan.Value("web_search_options").IsEmpty,
                Images = images,
                RemoteContent = remote,
                Stateful = JsonText.IsTrue(scan.Value("store")),
            },
        };
    }

    private static bool AsksUsage(RequestHead scan)
    {
        if (scan.Find("stream_options") is not { } options || scan.Body.Span[options.ValueStart] != '{')
        {
            return false;
        }

        var span = scan.Body.Span;
        var asked = MemberScan
            .Of(span[options.ValueStart..options.End], options.ValueStart, "stream_options")
            .Find(m => m.Name == "include_usage");
        return asked.Name is not null && JsonText.IsTrue(span[asked.ValueStart..asked.End]);
    }
}
