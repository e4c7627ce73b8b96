using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Decoding;

namespace Sluice.Cli.Commands;

/// <summary>`sluice decode`: what Sluice makes of a recorded answer. No network call is made.</summary>
internal static class DecodeCommand
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "The recorded body.", Arity = ArgumentArity.ZeroOrOne };
        var wire = new Option<string?>("--wire") { Description = "Its protocol, such as openai-chat.", HelpName = "WIRE" };
        var stream = new Option<bool>("--stream") { Description = "It was streamed. A payload in each line is read, too." };
        var provider = new Option<string?>("--provider") { Description = "The vendor, of `sluice providers`.", HelpName = "PRESET" };
        var batch = new Option<bool>("--batch")
        {
            Description = "Read {id, wire, stream, file} from standard input, one a line, and answer a line each with that id.",
        };
        var command = new Command("decode", "Print what Sluice makes of a recorded answer, as JSON.")
        {
            file,
            wire,
            stream,
            provider,
            batch,
        };
        command.SetAction(parsed =>
        {
            var answers = new RecordedAnswers();
            if (parsed.GetValue(batch))
            {
                Batch(answers, Console.In, Console.Out);
                return ExitCode.Done;
            }

            var name = parsed.GetValue(wire) ?? throw new UserException("name the protocol with --wire, such as --wire openai-chat");
            var path = parsed.GetValue(file) ?? throw new UserException("name a file, or read a list of them with --batch");
            var decoded = answers.Decode(name, parsed.GetValue(provider), parsed.GetValue(stream), path);
            Console.WriteLine(decoded.ToJsonString(new JsonSerializerOptions(Line) { WriteIndented = true }));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Batch(RecordedAnswers answers, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                output.WriteLine(Answer(answers, line).ToJsonString(Line));
            }
        }
    }

    private static JsonObject Answer(RecordedAnswers answers, string line)
    {
        JsonNode? id = null;
        try
        {
            var asked = JsonNode.Parse(line) as JsonObject ?? throw new UserException("the line is not a JSON object");
            id = asked["id"]?.DeepClone();
            var decoded = answers.Decode(
                Text(asked, "wire") ?? throw new UserException("the line names no wire"),
                Text(asked, "provider"),
                asked["stream"]?.GetValueKind() == JsonValueKind.True,
                Text(asked, "file") ?? throw new UserException("the line names no file")
            );
            return WithId(id, decoded);
        }
        catch (Exception exception) when (exception is UserException or JsonException or ArgumentException)
        {
            return WithId(id, DecodedJson.Failed(exception.Message));
        }
    }

    private static string? Text(JsonObject asked, string name) =>
        asked[name] is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static JsonObject WithId(JsonNode? id, JsonObject answer)
    {
        answer.Insert(0, "id", id);
        return answer;
    }
}
