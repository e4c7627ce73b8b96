using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Recorded answers of Gemini that are no cassettes: raw bodies and payloads without their framing.</summary>
public sealed class GeminiRecordingTests
{
    /// <summary>Bodies that answer something else: caches and embeddings.</summary>
    private static readonly string[] Others = ["cache", "embeddings"];

    [Fact]
    public void Bodies_AreReadWholeSplitAndByteByByte()
    {
        var bodies = Bodies().ToList();

        bodies.Count.ShouldBeGreaterThan(12);
        foreach (var (name, body, streamed) in bodies)
        {
            var expected = streamed ? Describe(body, body.Length) : Describe(GeminiFixture.Whole(Encoding.UTF8.GetString(body)));
            expected.ShouldNotBeEmpty(name);
            for (var chunk = 1; streamed && chunk < body.Length; chunk = chunk < 8 ? chunk + 1 : chunk * 2)
            {
                Describe(body, chunk).ShouldBe(expected, $"{name} in pieces of {chunk}");
            }
        }
    }

    [Fact]
    public void GroundedStream_HasItsCitationsOnce()
    {
        var events = GeminiFixture.Frames(WireKind.Gemini, Body("gemini/prism/stream-with-tools-search-grounding-1.json"));
        var text = WholeMessage.Of(events).Text;
        var citations = events.OfType<Cited>().Select(c => c.Citation).ToList();

        citations.ShouldNotBeEmpty();
        citations.Select(c => (c.Url, c.Start, c.End)).ShouldBeUnique();
        foreach (var citation in citations)
        {
            citation.Url.ShouldStartWith("https://");
            citation.Start!.Value.ShouldBeInRange(0, citation.End!.Value);
            citation.End.Value.ShouldBeLessThanOrEqualTo(text.Length);
        }
    }

    [Fact]
    public void BlockedPrompt_IsARefusalWithUsage()
    {
        var events = GeminiFixture.Frames(WireKind.Gemini, Chunks("transcribed/gemini/vercel__issue-19758-prompt-block.chunks.txt"));

        events.OfType<Finished>().Single().Reason.ShouldBe(FinishReason.Refusal);
        events.OfType<UsageReported>().Single().Usage.InputTokens.ShouldBe(9);
    }

    [Fact]
    public void StreamedArguments_AreWholeCallsWithTheFirstSigned()
    {
        var events = GeminiFixture.Frames(
            WireKind.Gemini,
            Chunks("transcribed/gemini/vercel__google-stream-tool-call-arguments.chunks.txt")
        );
        var answer = WholeMessage.Of(events);

        answer
            .Calls.Select(c => (c.Name, c.Arguments))
            .ShouldBe([("getWeather", """{"location":"Boston"}"""), ("getWeather", """{"location":"San Francisco"}""")]);
        answer.Parts[0].ShouldBeOfType<ReasoningPart>().Signature.ShouldNotBeNull();
        answer.Finish.ShouldBe(FinishReason.ToolCalls);
        answer.Usage!.OutputTokens.ShouldBe(155);
    }

    [Fact]
    public void QuotaOfAMinute_IsARateLimitWithItsWait()
    {
        var failure = FailureClassifier.Classify(
            429,
            _ => null,
            Body("transcribed/gemini/vercel__google-429-retry-info.json"),
            DateTimeOffset.UnixEpoch
        );

        failure.Failure.ShouldBe(FailureClass.RateLimited);
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(34.4));
    }

    private static IEnumerable<(string Name, byte[] Body, bool Streamed)> Bodies()
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        foreach (
            var file in Directory
                .EnumerateFiles(Path.Combine(Recordings.Root!, "gemini"), "*.*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            var name = Path.GetFileName(file);
            if (!Others.Any(name.Contains))
            {
                var body = File.ReadAllBytes(file);
                yield return (name, body, body.AsSpan().StartsWith("data:"u8));
            }
        }

        foreach (var recording in Recordings.All().Where(r => r is { Wire: WireKind.Gemini, Status: 200 } && r.Body[0] == '['))
        {
            yield return (recording.Name, recording.Body, true);
        }
    }

    private static byte[] Body(string name)
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        return File.ReadAllBytes(Path.Combine(Recordings.Root!, name));
    }

    private static byte[] Chunks(string name) =>
        Encoding.UTF8.GetBytes(
            string.Concat(
                Encoding.UTF8.GetString(Body(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"data: {l}\r\n\r\n")
            )
        );

    private static string Describe(byte[] body, int chunk)
    {
        var wire = GeminiFixture.Wires[WireKind.Gemini];
        var reader = wire.Codec.ReadAnswer(TestTargets.DialectOf(WireKind.Gemini));
        var events = new List<AnswerEvent>();
        var (start, end) = (0, 0);
        while (end < body.Length)
        {
            end = Math.Min(body.Length, end + chunk);
            while (wire.Framing.TryRead(body.AsSpan(start..end), final: end == body.Length, out var frame))
            {
                reader.ReadFrame(frame, events);
                start += frame.Length;
            }
        }

        return Describe(events);
    }

    private static string Describe(List<AnswerEvent> events) =>
        string.Join(
            '\n',
            events.Select(e => e is Cited cited ? $"{cited.Citation.Url} {cited.Citation.Start}-{cited.Citation.End}" : e.ToString())
        );
}
