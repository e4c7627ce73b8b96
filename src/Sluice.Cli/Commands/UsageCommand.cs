using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Cli.Decoding;
using Sluice.Cli.Prices;

namespace Sluice.Cli.Commands;

/// <summary>`sluice usage`: what a recorded answer used and cost. No network call is made.</summary>
internal static class UsageCommand
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As deep as the wires read.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The recorded answer, streamed or whole, or its usage object alone.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var provider = new Option<string?>("--provider") { Description = "The vendor, of `sluice providers`.", HelpName = "PRESET" };
        var wire = new Option<string?>("--wire")
        {
            Description = "The protocol, such as openai-chat. Default: the vendor's.",
            HelpName = "WIRE",
        };
        var model = new Option<string?>("--model") { Description = "The model. Default: the one that the answer names." };
        var at = SharedOptions.At("When it was called: prices change.");
        var prices = new Option<string?>("--prices")
        {
            Description =
                "A public file of prices, in place of the catalogue and of what providers report: genai-prices, LiteLLM's, or OpenRouter's list.",
            HelpName = "FILE",
        };
        var batch = new Option<bool>("--batch")
        {
            Description = "Read {id, provider, wire, model, body} from standard input, one a line, and answer a line each with that id.",
        };
        var config = SharedOptions.Config();
        var command = new Command("usage", "Print what a recorded answer used and cost, as JSON.")
        {
            file,
            provider,
            wire,
            model,
            at,
            prices,
            batch,
            config,
        };
        command.SetAction(parsed =>
        {
            var moment = SharedOptions.Moment(parsed.GetValue(at));
            var reader = parsed.GetValue(prices) is { } path
                ? new UsageReader(PriceSource.Of(PriceFiles.Open(path), moment), reportedWins: false)
                : new UsageReader(PriceSource.Of(CatalogInForce.Read(parsed.GetValue(config)), moment), reportedWins: true);
            if (parsed.GetValue(batch))
            {
                using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
                Batch(reader, input, output);
                return ExitCode.Done;
            }

            var name = parsed.GetValue(provider) ?? throw new UserException("name the vendor with --provider, such as --provider openai");
            var recorded = parsed.GetValue(file) ?? throw new UserException("name a file, or read a list of bodies with --batch");
            var written = One(reader, name, parsed.GetValue(wire), parsed.GetValue(model), recorded);
            Console.WriteLine(written.ToJsonString(new JsonSerializerOptions(Line) { WriteIndented = true }));
            return ExitCode.Done;
        });
        return command;
    }

    private static JsonObject One(UsageReader reader, string provider, string? wire, string? model, string file)
    {
        try
        {
            return reader.Read(provider, wire, model, RecordedAnswers.ReadFile(file));
        }
        catch (ProviderException exception)
        {
            throw new UserException($"{file}: {exception.Detail ?? exception.Message}");
        }
    }

    /// <summary>Answers line by line; whatever is wrong with one is said on its own line.</summary>
    public static void Batch(UsageReader reader, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(Answer(reader, line).ToJsonString(Line));
        }
    }

    private static JsonObject Answer(UsageReader reader, string line)
    {
        JsonNode? id = null;
        JsonObject answer;
        try
        {
            using var document = JsonDocument.Parse(line, Deep);
            var asked = document.RootElement;
            if (asked.ValueKind != JsonValueKind.Object)
            {
                throw new UserException("the line is not a JSON object; write {\"id\": …, \"provider\": …, \"wire\": …, \"body\": …}");
            }

            id = asked.TryGetProperty("id", out var given) ? DecodedJson.Readable(JsonNode.Parse(given.GetRawText())) : null;
            answer = reader.Read(
                Text(asked, "provider") ?? throw new UserException("the line names no provider"),
                Text(asked, "wire"),
                Text(asked, "model"),
                Body(asked)
            );
        }
        catch (ProviderException exception)
        {
            answer = DecodedJson.Failed(exception.Failure, exception.Detail ?? exception.Message);
        }
        catch (JsonException exception)
        {
            answer = DecodedJson.Failed($"the line is not JSON (byte {exception.BytePositionInLine + 1})");
        }
        catch (Exception exception) when (exception is UserException or InvalidOperationException or OverflowException)
        {
            answer = DecodedJson.Failed(exception.Message);
        }

        answer.Insert(0, "id", id);
        return answer;
    }

    /// <summary>A text is a body as it came over the wire, events included.</summary>
    private static byte[] Body(JsonElement asked) =>
        !asked.TryGetProperty("body", out var body) || body.ValueKind == JsonValueKind.Null
            ? throw new UserException("the line has no body")
        : body.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(body.GetString()!)
        : Encoding.UTF8.GetBytes(body.GetRawText());

    private static string? Text(JsonElement asked, string name) =>
        !asked.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw new UserException($"{name}: {PriceFields.Short(value)} is not a name");
}
