using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Sse;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Anthropic Messages. Source: https://docs.anthropic.com/en/api/messages.</summary>
internal sealed class AnthropicWire : IWire
{
    public WireKind Kind => WireKind.AnthropicMessages;

    public ICodec Codec { get; } = new AnthropicCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features) => new AnthropicObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options with { AskUsage = false });

    public RequestHead ReadHead(ReadOnlyMemory<byte> body)
    {
        var scan = new RequestHead
        {
            Body = body,
            Model = "",
            Features = new CallFeatures(),
            Members = MemberScan.Of(body.Span),
        };
        var (images, remote) = RequestScan.Of(scan.Value("messages"));
        return new RequestHead
        {
            Body = body,
            Members = scan.Members,
            Model = JsonText.String(scan.Value("model")) ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = JsonText.IsTrue(scan.Value("stream")),
                OutputLimit = JsonText.Int64(scan.Value("max_tokens")),
                ThinkingBudget = ThinkingBudget(scan),
                Tools = !scan.Value("tools").IsEmpty,
                ServerTools = HasServerTools(scan.Value("tools")) || !scan.Value("mcp_servers").IsEmpty,
                Images = images,
                RemoteContent = remote || !scan.Value("container").IsEmpty,
            },
        };
    }

    private static long? ThinkingBudget(RequestHead scan)
    {
        if (scan.Find("thinking") is not { } thinking || scan.Body.Span[thinking.ValueStart] != '{')
        {
            return null;
        }

        var span = scan.Body.Span;
        var budget = MemberScan
            .Of(span[thinking.ValueStart..thinking.End], thinking.ValueStart, "thinking")
            .Find(m => m.Name == "budget_tokens");
        return budget.Name is null ? null : JsonText.Int64(span[budget.ValueStart..budget.End]);
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
