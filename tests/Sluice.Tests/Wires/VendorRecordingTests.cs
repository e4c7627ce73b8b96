using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Answers of real vendors of Chat Completions, each read by its own row.</summary>
public sealed class VendorRecordingTests
{
    private static readonly OpenAiChatWire Wire = new();

    [Theory]
    [InlineData("openai", 120)]
    [InlineData("groq", 30)]
    [InlineData("mistral", 80)]
    [InlineData("deepseek", 60)]
    [InlineData("openrouter", 100)]
    [InlineData("perplexity", 5)]
    [InlineData("venice", 10)]
    [InlineData("llamacpp", 30)]
    [InlineData("copilot", 10)]
    public void Answers_SaySomethingAndFinishWithUsage(string vendor, int least)
    {
        var answers = Recordings
            .All()
            .Where(r => r is { Status: 200, Wire: WireKind.OpenAiChat } && r.Name.Split('/', '\\')[1] == vendor)
            .ToList();

        answers.Count.ShouldBeGreaterThanOrEqualTo(least);
        foreach (var recording in answers)
        {
            var events = Read(recording);
            var message = WholeMessage.Of(events);
            var length = message.Text.Length + message.Reasoning.Length + message.Refusal.Length + message.Calls.Count;

            (length > 0 || message.Usage is { OutputTokens: > 0 }).ShouldBeTrue(recording.Name);
            events.OfType<Finished>().Count().ShouldBe(1, recording.Name);
            message.Usage.ShouldNotBeNull(recording.Name);
            message.Calls.ShouldAllBe(c => c.Id.Length > 0 && c.Name.Length > 0, recording.Name);
        }
    }

    [Fact]
    public void OpenRouterAndPerplexity_TellWhatTheirAnswersCost()
    {
        foreach (
            var recording in Recordings.All().Where(r => r.Status == 200 && r.Dialect.Name is "openrouter" or "perplexity" or "venice")
        )
        {
            Observed(recording).Usage!.ReportedCost.ShouldNotBeNull(recording.Name);
        }
    }

    [Fact]
    public void Perplexity_NamesItsSourcesOnceAndItsTextOnce()
    {
        foreach (var recording in Recordings.All().Where(r => r.Status == 200 && r.Dialect.Name == "perplexity"))
        {
            var events = Read(recording);
            var urls = events.OfType<Cited>().Select(c => c.Citation.Url).ToList();

            urls.ShouldNotBeEmpty(recording.Name);
            urls.ShouldBeUnique(recording.Name);
            var text = WholeMessage.Of(events).Text;
            Encoding.UTF8.GetByteCount(text).ShouldBeInRange(1, recording.Body.Length / 2, recording.Name);
        }
    }

    [Fact]
    public void OpenRouter_SignaturesAndEncryptedReasoning_AreRead()
    {
        var events = Recordings
            .All()
            .Where(r =>
                r.Status == 200
                && r.Dialect.Name == "openrouter"
                && Encoding.UTF8.GetString(r.Body).Contains("reasoning_details", StringComparison.Ordinal)
            )
            .SelectMany(Read)
            .ToList();

        events.OfType<ReasoningSigned>().ShouldNotBeEmpty();
        events.OfType<ReasoningRedacted>().ShouldNotBeEmpty();
        events.OfType<ReasoningDelta>().ShouldNotBeEmpty();
    }

    private static AnswerObserver Observed(Recording recording)
    {
        var facts = Wire.Observe(new CallFeatures(), recording.Dialect);
        if (!recording.Streamed)
        {
            facts.ObserveWhole(recording.Body);
            return facts;
        }

        ReadOnlySpan<byte> body = recording.Body;
        while (Wire.Framing.TryRead(body, final: true, out var frame))
        {
            facts.Observe(frame);
            body = body[frame.Length..];
        }

        return facts;
    }

    private static List<AnswerEvent> Read(Recording recording)
    {
        var events = new List<AnswerEvent>();
        var reader = Wire.Codec.ReadAnswer(recording.Dialect);
        if (!recording.Streamed)
        {
            reader.ReadWhole(recording.Body, events);
            return events;
        }

        ReadOnlySpan<byte> body = recording.Body;
        while (Wire.Framing.TryRead(body, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            body = body[frame.Length..];
        }

        return events;
    }
}
