using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Decoding;

namespace Sluice.Cli.Commands;

/// <summary>`sluice decode`: what Sluice makes of a recorded answer. No network call is made.</summary>
internal static class DecodeCommand
{
    /// <summary>Arguments may nest as deep as JSON is read, and stand in an answer that is itself nested.</summary>
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

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
                using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
                Batch(answers, input, output);
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
            output.WriteLine(Answer(answers, line));
        }
    }

    /// <summary>Every line has its answer, whatever is wrong with it, so that the two can be laid side by side.</summary>
    private static string Answer(RecordedAnswers answers, string line)
    {
        JsonNode? id = null;
        try
        {
            var asked = JsonNode.Parse(line) as JsonObject ?? throw new UserException("the line is not a JSON object");
            id = DecodedJson.Readable(asked["id"]);
            var decoded = answers.Decode(
                Text(asked, "wire") ?? throw new UserException("the line names no wire"),
                Text(asked, "provider"),
                IsStream(asked["stream"]),
                Text(asked, "file") ?? throw new UserException("the line names no file")
            );
            return WithId(id, decoded);
        }
        catch (Exception exception) when (exception is UserException or JsonException or ArgumentException or InvalidOperationException)
        {
            return WithId(id, DecodedJson.Failed(exception.Message));
        }
    }

    private static bool IsStream(JsonNode? stream) =>
        stream?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw new UserException("'stream' is neither true nor false"),
        };

    private static string? Text(JsonObject asked, string name) =>
        asked[name] is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string WithId(JsonNode? id, JsonObject answer)
    {
        answer.Insert(0, "id", id?.DeepClone());
        return answer.ToJsonString(Line);
    }
}
