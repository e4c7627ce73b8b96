using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Sse;

namespace Sluice.Wires.OpenAiEmbeddings;

/// <summary>OpenAI Embeddings. Source: https://platform.openai.com/docs/api-reference/embeddings.</summary>
/// <remarks>Every provider that embeds is asked in this wire, so that nothing is ever translated; there are no streams.</remarks>
internal sealed class EmbeddingsWire : IWire
{
    public WireKind Kind => WireKind.OpenAiEmbeddings;

    public ICodec Codec => throw new NotSupportedException("Vectors pass as they are: there are no records of them.");

    public IFraming Framing { get; } = new SseFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new EmbeddingsObserver(features.Inputs, dialect.Usage);

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) => Splices.Apply(head, target, options);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        var input = members.Value("input");
        if (input.IsEmpty)
        {
            throw new RequestException("input is missing: the text or texts to embed", "input");
        }

        return new RequestHead
        {
            Members = members,
            Model = address.Model ?? JsonText.String(members.Value("model")) ?? "",
            Features = new CallFeatures { OutputLimit = 0, Inputs = CountInputs(input) },
        };
    }

    /// <summary>One text, or one list of tokens, or a list of either.</summary>
    private static int CountInputs(ReadOnlySpan<byte> input)
    {
        var reader = new Utf8JsonReader(input);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return 1;
        }

        var count = 0;
        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                return 1;
            }

            count++;
            reader.Skip();
        }

        return count;
    }
}
