using System.Text;
using Sluice.Catalog;
using Sluice.Wires.Ollama;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Everything Ollama was recorded to answer, beside the cassettes also the bare bodies.</summary>
public sealed class OllamaRecordingTests
{
    private static readonly OllamaWire Wire = new();

    [Fact]
    public void Streams_AreReadToTheirLastLine()
    {
        var streams = Streams();

        streams.Count.ShouldBeGreaterThanOrEqualTo(13);
        streams.Sum(s => s.Body.AsSpan().Count((byte)'\n')).ShouldBeGreaterThan(2_000);
        foreach (var (name, body) in streams)
        {
            var facts = WireReading.Facts(Wire, body, body.Length);
            (facts.MalformedFrames, facts.Terminated, facts.FinishReason).ShouldBe((0, true, "stop"), name);
            facts.Usage!.OutputTokens.ShouldBeGreaterThan(0, name);
            facts.Usage!.InputTokens.ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Streams_OneByteAtATimeAndSplitAnywhere_AreReadAlike()
    {
        foreach (var (name, body) in Streams())
        {
            var expected = Text(body, body.Length);
            foreach (var chunk in new[] { 1, 7, 251, body.Length / 2 })
            {
                Text(body, chunk).ShouldBe(expected, $"{name} in chunks of {chunk}");
            }
        }
    }

    [Fact]
    public void Calls_HaveObjectsAsArgumentsAndIdsThatDiffer()
    {
        var calls = Streams().SelectMany(s => WholeMessage.Of(WireReading.Events(Wire, s.Body, s.Body.Length)).Calls).ToList();

        calls.Count.ShouldBeGreaterThan(8);
        calls.Select(c => c.Id).Where(id => !id.Contains("REDACTED", StringComparison.Ordinal)).ShouldBeUnique();
        calls.ShouldAllBe(c => c.Arguments.StartsWith('{') && c.Arguments.EndsWith('}'));
    }

    [Fact]
    public void WholeAnswers_AreRead()
    {
        var answers = Bodies("*.json").Where(b => !b.Name.Contains("embeddings", StringComparison.Ordinal)).ToList();

        answers.Count.ShouldBe(4);
        foreach (var (name, body) in answers)
        {
            var facts = Wire.Observe(new Sluice.Calls.CallFeatures(), TestTargets.DialectOf(WireKind.Ollama));
            facts.ObserveWhole(body);
            (facts.Terminated, facts.FinishReason, facts.Usage!.OutputTokens > 0).ShouldBe((true, "stop", true), name);
            WireReading.Whole(Wire, Encoding.UTF8.GetString(body)).Text.ShouldNotBeEmpty(name);
        }
    }

    private static List<(string Name, byte[] Body)> Streams() =>
        [.. Recordings.All().Where(r => r.Wire == WireKind.Ollama && r.Streamed).Select(r => (r.Name, r.Body)), .. Bodies("*.sse")];

    private static IEnumerable<(string Name, byte[] Body)> Bodies(string pattern) =>
        Recordings.Root is { } root
            ? Directory
                .EnumerateFiles(Path.Combine(root, "ollama", "prism"), pattern)
                .Order(StringComparer.Ordinal)
                .Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))
            : Recordings.All().Select(r => (r.Name, r.Body));

    private static string Text(byte[] body, int chunk)
    {
        var whole = WholeMessage.Of(WireReading.Events(Wire, body, chunk));
        return $"{whole.Reasoning}|{whole.Text}|{string.Join(',', whole.Calls)}|{whole.Finish}|{whole.Usage}";
    }
}
