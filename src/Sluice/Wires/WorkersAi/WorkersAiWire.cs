using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Sse;

namespace Sluice.Wires.WorkersAi;

/// <summary>Cloudflare Workers AI, its native endpoint. Source: https://developers.cloudflare.com/workers-ai/models/.</summary>
internal sealed class WorkersAiWire : IWire
{
    public WireKind Kind => WireKind.WorkersAi;

    public ICodec Codec { get; } = new WorkersAiCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) =>
        new WorkersAiObserver(new WorkersAiAnswerReader(dialect), features.Stream);

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options, "max_tokens");

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var content = RequestScan.Of(members.Value("messages"));
        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? JsonText.String(members.Value("model")) ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = JsonText.IsTrue(members.Value("stream")),
                OutputLimit = JsonText.Int64(members.Value("max_tokens")),
                Tools = !members.Value("tools").IsEmpty,
                Images = content.Images,
                UnboundedInput = content.Unbounded,
            },
        };
    }
}
