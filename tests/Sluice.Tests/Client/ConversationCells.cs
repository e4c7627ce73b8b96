using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Testing;

namespace Sluice.Tests.Client;

/// <summary>One ability of one wire: what the provider answers, and what it is sent with the next turn.</summary>
/// <param name="Answer">The answer's content in the provider's words; <see langword="null"/> where it never gives such a thing.</param>
/// <param name="Turns">The conversation as the provider expects it.</param>
/// <param name="Lost">The ability that the wire lacks, by its name on the receipt.</param>
internal sealed record ConversationCell(string Wire, string Ability, string Finish, JsonElement? Answer, JsonNode Turns, string Lost);

/// <summary>Reads <c>conversations.jsonc</c>.</summary>
internal static class ConversationCells
{
    public static IReadOnlyList<ConversationCell> All { get; } = [.. Read()];

    private static IEnumerable<ConversationCell> Read()
    {
        var text = File.ReadAllText(Repository.PathOf("tests/Sluice.Tests/Client/conversations.jsonc"));
        var wires = JsonNode
            .Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!
            .AsObject();
        foreach (var (wire, rows) in wires)
        {
            foreach (var (ability, cell) in rows!["cells"]!.AsObject())
            {
                yield return new ConversationCell(
                    wire,
                    ability,
                    (string)(cell!["finish"] ?? rows["finish"])!,
                    cell["answer"] is { } answer ? JsonElement.Parse(answer.ToJsonString()) : null,
                    new JsonArray([.. cell["turns"]!.AsArray().SelectMany(t => Turn(t!, rows, cell["answer"]))]),
                    (string?)cell["lost"] ?? ""
                );
            }
        }
    }

    private static IEnumerable<JsonNode> Turn(JsonNode turn, JsonNode rows, JsonNode? answer) =>
        turn.GetValueKind() != JsonValueKind.String
            ? [turn.DeepClone()]
            : (string)turn! switch
            {
                "GO" => [rows["go"]!.DeepClone()],
                "NEXT" => [rows["next"]!.DeepClone()],
                _ => Said(rows["said"], answer),
            };

    private static IEnumerable<JsonNode> Said(JsonNode? said, JsonNode? answer)
    {
        switch (said)
        {
            case null:
                // The items of the answer are turns themselves.
                return answer!.AsArray().Select(i => i!.DeepClone());
            case JsonValue:
                return [answer!.DeepClone()];
            default:
                var turn = said.DeepClone().AsObject();
                foreach (var (name, value) in turn.ToList())
                {
                    turn[name] = value is JsonValue text && (string?)text == "ANSWER" ? answer!.DeepClone() : value!.DeepClone();
                }

                return [turn];
        }
    }
}
