using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Gemini's generateContent, as Google AI and Vertex AI speak it. Source: https://ai.google.dev/api/generate-content.</summary>
internal sealed class GeminiWire : IWire
{
    public WireKind Kind => WireKind.Gemini;

    public ICodec Codec { get; } = new GeminiCodec();

    public IFraming Framing { get; } = new GeminiFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new GeminiObserver(features.Choices);

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, ProtoName.SpelledAs(head.Members, target), options with { AskUsage = false });

    /// <summary>Calls that another provider made have no signature, and newer models reject a conversation with such calls as it is.</summary>
    public bool Passes(RequestHead head, Target target) =>
        !GeminiModel.IsThird(target.Model) || !GeminiScan.HasUnsignedCalls(head.Members.Value("contents"));

    public bool Says(ServerTool tool) => GeminiToolsWriter.Says(tool);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var config = ProtoName.Object(members, "generationConfig");
        var (images, unbounded) = GeminiScan.Media(members.Value("contents"));
        var (tools, serverTools) = GeminiScan.Tools(members.Value("tools"));
        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? JsonText.String(members.Value("model")) ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = address.Stream,
                OutputLimit = Number(config, "maxOutputTokens"),
                Choices = (int)Math.Clamp(Number(config, "candidateCount") ?? 1, 1, 1024),
                ThinkingBudget =
                    config is { } settings && Number(ProtoName.Object(settings, "thinkingConfig"), "thinkingBudget") is > 0 and var budget
                        ? budget
                        : null,
                Tools = tools,
                ServerTools = serverTools,
                Images = images,
                UnboundedInput = unbounded || !ProtoName.Value(members, "cachedContent").IsEmpty,
            },
        };
    }

    private static long? Number(JsonMembers? members, string name) =>
        members is { } found ? JsonText.Int64(ProtoName.Value(found, name)) : null;
}
