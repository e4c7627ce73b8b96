using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Client;
using Sluice.Tests.Wires;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Client;

/// <summary>Everything real providers were recorded to answer comes back from storage piece by piece as it was, streamed or not.</summary>
public sealed class RecordedConversationTests
{
    private static readonly WireTable Wires = KnownWires.Create();

    [Fact]
    public void Answers_StoredAndLoaded_AreTheSamePieces()
    {
        var recordings = Recordings.All().Where(r => r.Status == 200).ToList();

        recordings.Count.ShouldBeGreaterThan(700);
        foreach (var recording in recordings)
        {
            var events = EventsOf(recording);
            var pieces = Describe(WholeMessage.Of(events).Parts);
            Describe(Loaded(new ChatMessage(ChatRole.Assistant, Contents(events)))).ShouldBe(pieces, recording.Name);
            var updates = Updates(recording, events);
            Describe(Loaded(updates.ToChatResponse().Messages.Single())).ShouldBe(pieces, recording.Name);
            Describe(Loaded(new ChatMessage(ChatRole.Assistant, [.. updates.SelectMany(u => u.Contents)])))
                .ShouldBe(pieces, recording.Name);
        }
    }

    private static List<AnswerEvent> EventsOf(Recording recording)
    {
        var events = new List<AnswerEvent>();
        var wire = Wires[recording.Wire];
        var reader = wire.Codec.ReadAnswer(recording.Dialect);
        if (!recording.Streamed)
        {
            reader.ReadWhole(recording.Body, events);
        }

        ReadOnlySpan<byte> bytes = recording.Streamed ? recording.Body : [];
        // Some files hold several answers one after another.
        while (!events.Exists(e => e is Finished) && wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            bytes = bytes[frame.Length..];
        }

        return events;
    }

    private static List<AIContent> Contents(List<AnswerEvent> events) =>
        [.. WholeMessage.Of(events).Parts.SelectMany(PartProjection.Write)];

    private static List<ChatResponseUpdate> Updates(Recording recording, List<AnswerEvent> events)
    {
        var wire = Wires[recording.Wire];
        var answer = new WholeAnswer(new StreamBuffer(1), TimeSpan.Zero)
        {
            Target = TestTargets.Of(recording.Dialect),
            Wire = wire,
            Facts = wire.Observe(new CallFeatures(), recording.Dialect),
            Headers = [],
            Status = 200,
        };
        var call = new Call
        {
            Id = "call_1",
            RouteAsked = "r",
            Features = new CallFeatures(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Revision = 1,
        };
        var projection = new UpdateProjection(answer, call);
        var receipt = new Receipt
        {
            Call = "call_1",
            Route = "r",
            StartedAt = DateTimeOffset.UnixEpoch,
            Revision = 1,
        };
        return [.. events.Where(e => e is not Omitted).SelectMany(projection.Updates), projection.Last(receipt)];
    }

    private static IReadOnlyList<Part> Loaded(ChatMessage message)
    {
        var stored = JsonSerializer.Serialize(message, AIJsonUtilities.DefaultOptions);
        var unheld = new List<string>();
        var turn = TurnProjection.Read(JsonSerializer.Deserialize<ChatMessage>(stored, AIJsonUtilities.DefaultOptions)!, unheld);
        unheld.ShouldBeEmpty();
        return turn.Parts;
    }

    /// <summary>A text that rests on nothing and the next one that does not either say the same as one.</summary>
    private static string Describe(IReadOnlyList<Part> parts)
    {
        var lines = new List<string>();
        var plain = false;
        foreach (var part in parts.Where(p => p is not TextPart { Text.Length: 0, Citations.Count: 0 }))
        {
            var line = Describe(part);
            if (plain && part is TextPart { Citations.Count: 0 } text)
            {
                lines[^1] += text.Text;
            }
            else
            {
                lines.Add(line);
            }

            plain = part is TextPart { Citations.Count: 0 };
        }

        return string.Join('\n', lines);
    }

    private static string Describe(Part part) =>
        part switch
        {
            TextPart text => string.Concat(
                text.Citations.Select(c => $"[{c.Origin} {c.Url} {c.Title} {c.Quote} {c.Start}-{c.End} {Compact(c.Json)}]")
            ) + text.Text,
            ReasoningPart reasoning => $"reasoning {reasoning.Text} signature {reasoning.Signature} redacted {reasoning.Redacted}",
            ToolCallPart call => $"call {call.Id} {call.Name} {Arguments(call.Arguments)}",
            RefusalPart refusal => $"refusal {refusal.Text}",
            OpaquePart opaque => $"{opaque.Origin} {opaque.Type} {Compact(opaque.Json)}",
            ImagePart image => $"image {image.MediaType} {image.Data} {image.Url}",
            _ => part.ToString(),
        };

    private static string Compact(JsonElement json) => JsonNode.Parse(json.GetRawText())!.ToJsonString();

    private static string Arguments(string arguments)
    {
        try
        {
            return arguments.Length == 0 ? "{}" : JsonNode.Parse(arguments)?.ToJsonString() ?? "{}";
        }
        catch (JsonException)
        {
            return arguments;
        }
    }
}
