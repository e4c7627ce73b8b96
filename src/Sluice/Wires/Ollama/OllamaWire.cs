using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Ndjson;

namespace Sluice.Wires.Ollama;

/// <summary>Ollama's own chat. Source: https://github.com/ollama/ollama/blob/main/docs/api.md.</summary>
internal sealed class OllamaWire : IWire
{
    public WireKind Kind => WireKind.Ollama;

    public ICodec Codec { get; } = new OllamaCodec();

    public IFraming Framing { get; } = new NdjsonFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new OllamaObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) => Splices.Apply(head, target, options);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        return HeadOf(members, address, CountImages(members.Value("messages")));
    }

    /// <summary>A chat and a single prompt stream unless told otherwise; usage stands in the last line, asked for or not.</summary>
    public static RequestHead HeadOf(JsonMembers members, RequestAddress address, int images) =>
        new()
        {
            Members = members,
            Model = address.Model ?? JsonText.String(members.Value("model")) ?? "",
            UsageAsked = true,
            Features = new CallFeatures
            {
                Stream = !members.Value("stream").SequenceEqual("false"u8),
                OutputLimit = LimitOf(members),
                Tools = !members.Value("tools").IsEmpty,
                Images = images,
            },
        };

    /// <summary>A negative limit is none.</summary>
    private static long? LimitOf(JsonMembers members) =>
        members.Object("options") is { } options && JsonText.Int64(options.Value("num_predict")) is > 0 and var limit ? limit : null;

    /// <summary>Images stand beside the text of a message; deeper members of that name are a tool's own.</summary>
    private static int CountImages(ReadOnlySpan<byte> messages)
    {
        var count = 0;
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 256 });
        while (!messages.IsEmpty && reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 2 } && reader.ValueTextEquals("images"u8))
            {
                reader.Read();
                count += CountItems(ref reader);
            }
        }

        return count;
    }

    /// <summary>The items of the list a reader stands on; anything else has none.</summary>
    public static int CountItems(ref Utf8JsonReader reader)
    {
        var count = 0;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (JsonCursor.NextElement(ref reader))
            {
                reader.Skip();
                count++;
            }
        }

        return count;
    }
}
