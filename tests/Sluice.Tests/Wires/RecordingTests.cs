using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.BedrockConverse;
using Sluice.Wires.Ollama;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.Records;
using Sluice.Wires.WorkersAi;

namespace Sluice.Tests.Wires;

/// <summary>Everything real providers were recorded to answer is read: whole, split at every byte, one byte at a time.</summary>
public sealed class RecordingTests
{
    private static readonly WireTable Wires = KnownWires.Create();

    /// <summary>The wires of conversations: vectors have no records that could cross.</summary>
    private static readonly WireKind[] Spoken = [.. Wires.All.Select(w => w.Kind).Where(k => k != WireKind.OpenAiEmbeddings)];

    [Fact]
    public void Streams_AreReadToTheirTerminalEventWithUsageOrAnError()
    {
        var streams = Good().Where(r => r.Streamed).ToList();

        streams.Count.ShouldBeGreaterThan(150);
        var odd = new List<string>();
        foreach (var recording in streams)
        {
            var facts = Observe(recording, recording.Body.Length);
            if (facts.MalformedFrames > 0 || (!facts.Terminated && facts.Error is null))
            {
                odd.Add($"{recording.Name}: {facts.MalformedFrames} malformed, terminated {facts.Terminated}");
            }
        }

        odd.ShouldBeEmpty();
    }

    [Fact]
    public void Streams_OneByteAtATime_AreReadAlike()
    {
        foreach (var recording in Good().Where(r => r.Streamed))
        {
            Describe(Observe(recording, 1)).ShouldBe(Describe(Observe(recording, recording.Body.Length)), recording.Name);
        }
    }

    [Fact]
    public void Streams_SplitAtEveryByte_AreReadAlike()
    {
        foreach (var wire in Spoken)
        {
            foreach (var recording in Good().Where(r => r.Wire == wire && r.Streamed && r.Body.Length is > 1000 and < 6000).Take(4))
            {
                var expected = Describe(Observe(recording, recording.Body.Length));
                for (var split = 1; split < recording.Body.Length; split++)
                {
                    Describe(Observe(recording, split)).ShouldBe(expected, $"{recording.Name} split at {split}");
                }
            }
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void AllStreams_SplitAtEveryByte_AreReadAlike() =>
        Parallel.ForEach(
            Good().Where(r => r.Streamed && r.Body.Length < 24_000).ToList(),
            recording =>
            {
                var expected = Describe(Observe(recording, recording.Body.Length));
                for (var split = 1; split < recording.Body.Length; split++)
                {
                    Describe(Observe(recording, split)).ShouldBe(expected, $"{recording.Name} split at {split}");
                }
            }
        );

    [Fact]
    public void WholeAnswers_AreReadWithUsage()
    {
        var answers = Good().Where(r => !r.Streamed).ToList();

        answers.Count.ShouldBeGreaterThan(150);
        foreach (var recording in answers)
        {
            var facts = Wires[recording.Wire].Observe(new CallFeatures(), recording.Dialect);
            Should.NotThrow(() => facts.ObserveWhole(recording.Body), recording.Name);
            facts.Usage.ShouldNotBeNull(recording.Name);
        }
    }

    [Fact]
    public void Errors_GetAClassThatIsNoServerTrouble()
    {
        foreach (var recording in Recordings.All().Where(r => r.Status is >= 400 and < 500))
        {
            var failure = FailureClassifier.Classify(recording.Status, _ => null, recording.Body, DateTimeOffset.UnixEpoch);
            failure.Failure.ShouldNotBe(FailureClass.Unknown, recording.Name);
            failure.Failure.ShouldNotBe(FailureClass.Transient, recording.Name);
        }
    }

    [Fact]
    public void Answers_CrossToTheOtherWireAndBack_KeepTextAndCalls()
    {
        foreach (var recording in Good())
        {
            var original = WholeMessage.Of(Events(Wires[recording.Wire], recording.Body, recording.Streamed));
            foreach (var through in Spoken)
            {
                var bytes = new ArrayBufferWriter<byte>();
                var writer = Wires[through].Codec.WriteAnswer(new AnswerIdentity("id", "m", DateTimeOffset.UnixEpoch, UsageAsked: true));
                foreach (var answerEvent in Events(Wires[recording.Wire], recording.Body, recording.Streamed))
                {
                    writer.WriteFrames(answerEvent, bytes);
                }

                writer.WriteEnd(bytes);
                var copy = WholeMessage.Of(Events(Wires[through], bytes.WrittenSpan, streamed: true));

                if (through != WireKind.WorkersAi || !original.Text.StartsWith("<think>", StringComparison.Ordinal))
                {
                    // Workers AI's models write thinking as text, which its reader tells apart.
                    (copy.Text + copy.Refusal).ShouldBe(original.Text + original.Refusal, recording.Name);
                }

                copy.Calls.Select(c => (c.Id, c.Name, Normal(c.Arguments)))
                    .ShouldBe(original.Calls.Select(c => (c.Id, c.Name, Normal(c.Arguments))), recording.Name);
                copy.Finish.ShouldBe(original.Finish, recording.Name);
                (copy.Usage?.OutputTokens ?? 0).ShouldBe(original.Usage?.OutputTokens ?? 0, recording.Name);
                (copy.Usage?.InputTokens ?? 0).ShouldBe(original.Usage?.InputTokens ?? 0, recording.Name);
            }
        }
    }

    [Fact]
    public void Requests_AreWrittenToEveryWireDeterministically()
    {
        var requests = Recordings.All().Where(r => r.Request is not null && r.Request.TrimStart().StartsWith('{')).ToList();

        requests.Count.ShouldBeGreaterThan(150);
        foreach (var recording in requests)
        {
            var records = Wires[recording.Wire].Codec.ReadRequest(Encoding.UTF8.GetBytes(recording.Request!));
            foreach (var wire in Spoken)
            {
                var first = Written(wire, records);
                Written(wire, records).ShouldBe(first, recording.Name);
                Wires[wire].ReadHead(Encoding.UTF8.GetBytes(first)).Members.Find(Conversation(wire)).ShouldNotBeNull(recording.Name);
                using var parsed = JsonDocument.Parse(first);
                var again = Wires[wire].Codec.ReadRequest(Encoding.UTF8.GetBytes(first));
                var converse = wire == WireKind.BedrockConverse;
                if (
                    (records.Format is null || (records.Format.Schema is not null && !converse))
                    && !(converse && records.Messages.SelectMany(m => m.Parts).Any(p => p is DocumentPart { Name: null }))
                )
                {
                    // JSON is asked for in words where the wire has no mode for it; Converse gives every document a name.
                    TextOf(again).ShouldBe(TextOf(records), $"{recording.Name} by way of {wire}");
                }

                if (records.ToolChoice is not { Kind: ToolChoiceKind.None or ToolChoiceKind.Named } && !converse)
                {
                    // A wire that cannot say so offers no tool, or the one that must be called; Converse wants those of earlier calls again.
                    again.Tools.Select(t => t.Name).ShouldBe(records.Tools.Select(t => t.Name), recording.Name);
                }
            }
        }
    }

    private static string Conversation(WireKind wire) =>
        wire switch
        {
            WireKind.OpenAiResponses => "input",
            WireKind.Gemini => "contents",
            _ => "messages",
        };

    private static string TextOf(ChatRequest request)
    {
        var late = request.Messages.Where(m => m.Role == Role.System).SelectMany(m => m.Parts);
        var turns = request.Messages.Where(m => m.Role != Role.System).SelectMany(m => m.Parts);
        return string.Concat(request.System.Concat(late).Select(TextOf).Concat(turns.Select(TextOf))).ReplaceLineEndings("");
    }

    /// <summary>A document of plain text becomes text where a wire has no documents.</summary>
    private static string TextOf(Part part) =>
        part switch
        {
            TextPart text => text.Text,
            DocumentPart { Text: { } text } document => $"{document.Name}{text}",
            _ => "",
        };

    private static string Written(WireKind wire, ChatRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Wires[wire].Codec.WriteRequest(request, TestTargets.Of(wire), [], bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Arguments that a model was cut in the middle of are a member of an object where a wire knows objects only.</summary>
    private static string Normal(string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            return
                parsed.RootElement.ValueKind == JsonValueKind.Object
                && parsed.RootElement.TryGetProperty("invalid_arguments", out var invalid)
                ? invalid.GetString()!
                : JsonSerializer.Serialize(parsed.RootElement);
        }
        catch (JsonException)
        {
            return arguments;
        }
    }

    private static IEnumerable<Recording> Good() => Recordings.All().Where(r => r.Status == 200);

    private static List<AnswerEvent> Events(IWire wire, ReadOnlySpan<byte> body, bool streamed)
    {
        var events = new List<AnswerEvent>();
        var reader = wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind));
        if (!streamed)
        {
            reader.ReadWhole(body, events);
            return events;
        }

        while (wire.Framing.TryRead(body, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            body = body[frame.Length..];
        }

        return events;
    }

    private static AnswerObserver Observe(Recording recording, int chunk)
    {
        var wire = Wires[recording.Wire];
        var facts = wire.Observe(new CallFeatures(), recording.Dialect);
        var (start, end) = (0, 0);
        while (end < recording.Body.Length)
        {
            end = Math.Min(recording.Body.Length, end + chunk);
            while (wire.Framing.TryRead(recording.Body.AsSpan(start..end), final: end == recording.Body.Length, out var frame))
            {
                facts.Observe(frame);
                start += frame.Length;
            }
        }

        return facts;
    }

    private static string Describe(AnswerObserver facts) =>
        $"{facts.Usage} {facts.FinishReason} {facts.Terminated} {facts.Id} {facts.Model} {facts.ContentBytes} {facts.MalformedFrames}";
}
