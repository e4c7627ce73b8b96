using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Content;
using Sluice.Routing;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>A route as a generator of embeddings.</summary>
internal sealed class SluiceEmbeddingGenerator(SluiceEngine engine, string route) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var wire = engine.Wires[WireKind.OpenAiEmbeddings];
        var head = wire.ReadHead(Write(values, options));
        var snapshot = engine.Configuration.Current;
        var call = engine.Begin(snapshot, options?.ModelId ?? route, head.Features, Caller.Anonymous);
        try
        {
            var request = new ClientRequest(engine.Wires, wire, head, []);
            var committed = await engine.SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
            await using (committed.ConfigureAwait(false))
            {
                return Read(((WholeAnswer)committed.Answer).Body, call, engine.Finish(call, committed));
            }
        }
        catch (Exception exception) when (exception is RouteExhaustedException or RouteNotFoundException or ContentDeniedException)
        {
            throw new SluiceException(exception.Message, engine.Finish(call, null), exception);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("sluice", defaultModelId: route)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }

    private static ReadOnlyMemory<byte> Write(IEnumerable<string> values, EmbeddingGenerationOptions? options)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteStartArray("input");
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        if (options?.Dimensions is { } dimensions)
        {
            json.WriteNumber("dimensions", dimensions);
        }

        json.WriteString("encoding_format", "float");
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static GeneratedEmbeddings<Embedding<float>> Read(ReadOnlyMemory<byte> body, Call call, Receipt receipt)
    {
        using var document = JsonDocument.Parse(body);
        // Each says its place; most providers keep the order, none has to.
        var vectors = document
            .RootElement.Items("data")
            .OrderBy(item => item.Integer("index"))
            .Select(item => new Embedding<float>(item.Items("embedding").Select(n => n.GetSingle()).ToArray())
            {
                CreatedAt = call.StartedAt,
                ModelId = document.RootElement.Text("model"),
            });
        return new GeneratedEmbeddings<Embedding<float>>(vectors)
        {
            Usage = new UsageDetails { InputTokenCount = receipt.Usage.InputTokens, TotalTokenCount = receipt.Usage.InputTokens },
            AdditionalProperties = new AdditionalPropertiesDictionary { [Properties.Receipt] = ReceiptJson.Write(receipt) },
        };
    }
}
