using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;
using Sluice.Wires.Sse;

namespace Sluice.Wires.OpenAiChat;

/// <summary>OpenAI Chat Completions. Source: https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class OpenAiChatWire : IWire
{
    public WireKind Kind => WireKind.OpenAiChat;

    public ICodec Codec { get; } = new OpenAiChatCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new OpenAiChatObserver(features.Choices, dialect.Usage);

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options, OutputLimits.OfChat);

    /// <summary>A form of the answer, content or tools that this target is asked for otherwise, or not at all.</summary>
    public bool Passes(RequestHead head, Target target)
    {
        var body = head.Body.Span;
        return FormPasses(head, target)
            && (head.Features.Images == 0 || target.Can(Feature.Images))
            && (target.Can(Feature.Documents) || body.IndexOf("\"file\""u8) < 0)
            && (target.Can(Feature.Audio) || body.IndexOf("\"input_audio\""u8) < 0)
            && (
                !head.Features.ServerTools
                || target.Provider.Dialect.ServerTools.Any(r => r.Request?.Contains("web_search_options", StringComparison.Ordinal) == true)
            );
    }

    private static bool FormPasses(RequestHead head, Target target)
    {
        if (head.Members.Object("response_format") is not { } format)
        {
            return true;
        }

        var mode = JsonText.String(format.Value("type")) switch
        {
            "json_schema" => Feature.JsonSchema,
            "json_object" => Feature.JsonObject,
            _ => Feature.None,
        };
        return mode == Feature.None || target.Can(head.Features.Tools ? mode | Feature.JsonWithTools : mode);
    }

    public bool Says(ServerTool tool) => ChatToolsWriter.Says(tool);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var stream = HeadMembers.Stream(members);
        var content = RequestScan.Of(members.Value("messages"));
        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? HeadMembers.Model(members),
            UsageAsked = stream && members.Object("stream_options") is { } options && JsonText.IsTrue(options.Value("include_usage")),
            Features = new CallFeatures
            {
                Stream = stream,
                OutputLimit = OutputLimits.Of(members, OutputLimits.OfChat),
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
