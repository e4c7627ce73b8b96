using System.Text.Json;
using Sluice.Cli.Decoding;

namespace Sluice.Cli.Prices;

/// <summary>Opens public files of prices, whichever of the known formats they are in.</summary>
internal static class PriceFiles
{
    public static readonly string[] Formats = [GenaiPrices.Name, LitellmPrices.Name, OpenRouterPrices.Name];

    /// <param name="file">The file.</param>
    /// <param name="format">Its format; <see langword="null"/> finds out.</param>
    /// <exception cref="UserException">It cannot be read; the message names the place and the cure.</exception>
    public static PriceList Open(string file, string? format = null)
    {
        try
        {
            using var document = JsonDocument.Parse(RecordedAnswers.ReadFile(file), new JsonDocumentOptions { MaxDepth = 64 });
            return Read(document.RootElement, format);
        }
        catch (JsonException exception)
        {
            throw new UserException(
                $"{file}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: not JSON; get the file anew, it may be cut"
            );
        }
        catch (PriceFileException exception)
        {
            throw new UserException($"{file}: {exception.Message}");
        }
    }

    /// <exception cref="PriceFileException">It does not have the shape of its format.</exception>
    public static PriceList Read(JsonElement root, string? format = null) =>
        (format ?? Detect(root)) switch
        {
            GenaiPrices.Name => GenaiPrices.Read(root),
            LitellmPrices.Name => LitellmPrices.Read(root),
            OpenRouterPrices.Name => OpenRouterPrices.Read(root),
            _ => throw new PriceFileException(
                "(root)",
                "the format is not known",
                $"known are {string.Join(", ", Formats)}; name one with --format"
            ),
        };

    private static string? Detect(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array && root.EnumerateArray().Any(v => PriceFields.Optional(v, "models") is not null)
            ? GenaiPrices.Name
        : PriceFields.Optional(root, "data") is { ValueKind: JsonValueKind.Array } ? OpenRouterPrices.Name
        : root.ValueKind == JsonValueKind.Object
        && root.EnumerateObject().Any(m => PriceFields.Optional(m.Value, "litellm_provider") is not null)
            ? LitellmPrices.Name
        : null;
}
