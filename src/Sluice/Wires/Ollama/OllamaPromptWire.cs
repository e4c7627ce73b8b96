using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Ndjson;

namespace Sluice.Wires.Ollama;

/// <summary>
/// Ollama's single prompt, <c>/api/generate</c>, as its clients ask it. Providers are never asked so: what can be said of a prompt
/// can be said in a chat, which all of them know.
/// </summary>
internal sealed class OllamaPromptWire : IWire
{
    public WireKind Kind => WireKind.Ollama;

    public ICodec Codec { get; } = new OllamaPromptCodec();

    public IFraming Framing { get; } = new NdjsonFraming();

    public AnswerObserver Observe(CallFeatures features, Dialect dialect) => new OllamaObserver();

    public ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options) => Splices.Apply(head, target, options);

    public RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default)
    {
        var members = JsonMembers.Read(body);
        if (JsonText.String(members.Value("suffix")) is { Length: > 0 })
        {
            throw new RequestException("suffix: no route fills in what stands between two texts", "suffix");
        }

        return OllamaWire.HeadOf(members, address, CountImages(members.Value("images")));
    }

    private static int CountImages(ReadOnlySpan<byte> images)
    {
        var reader = new Utf8JsonReader(images);
        return !images.IsEmpty && reader.Read() ? OllamaWire.CountItems(ref reader) : 0;
    }
}
