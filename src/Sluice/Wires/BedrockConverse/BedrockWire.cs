using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;
using Sluice.Wires.Sse;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Amazon Bedrock Converse. Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.</summary>
/// <remarks>Model and streaming stand in the address. Its binary events have become server-sent ones when they arrive here.</remarks>
internal sealed class BedrockWire : IWire
{
    public WireKind Kind => WireKind.BedrockConverse;

    public ICodec Codec { get; } = new BedrockCodec();

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new BedrockObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) =>
        Splices.Apply(head, target, options with { AskUsage = false }, "inferenceConfig.maxTokens");

    public bool Says(ServerTool tool) => ConverseToolsWriter.Says(tool);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var (images, unbounded) = Scan(members.Value("messages"));
        var tools = members.Object("toolConfig") is { } config ? config.Value("tools") : default;
        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = address.Stream,
                OutputLimit = members.Object("inferenceConfig") is { } inference ? JsonText.Int64(inference.Value("maxTokens")) : null,
                ThinkingBudget = members.Object("additionalModelRequestFields")?.Object("thinking") is { } thinking
                    ? JsonText.Int64(thinking.Value("budget_tokens"))
                    : null,
                Tools = !tools.IsEmpty,
                ServerTools = tools.IndexOf("\"systemTool\""u8) >= 0,
                Images = images,
                UnboundedInput = unbounded,
            },
        };
    }

    /// <summary>How many images are among the messages, and is there content that no count of bytes bounds?</summary>
    private static (int Images, bool Unbounded) Scan(ReadOnlySpan<byte> messages)
    {
        var (images, unbounded) = (0, false);
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 256 });
        while (!messages.IsEmpty && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("input"u8))
            {
                // Arguments of a tool: whatever they name is no content.
                reader.Read();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("image"u8))
            {
                images++;
            }
            else if (reader.ValueTextEquals("s3Location"u8) || reader.ValueTextEquals("video"u8))
            {
                unbounded = true;
            }
            else if (reader.ValueTextEquals("format"u8))
            {
                reader.Read();
                unbounded |= reader.TokenType == JsonTokenType.String && ConverseFormats.IsCompressed(reader.GetString()!);
            }
        }

        return (images, unbounded);
    }
}
