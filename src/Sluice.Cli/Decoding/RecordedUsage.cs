using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>What a recorded body says of usage: a whole answer or a stream, an envelope with usage in it, or a usage object alone.</summary>
/// <param name="Usage">The normalised figures.</param>
/// <param name="Model">The model that the body names.</param>
internal sealed record RecordedUsage(Usage Usage, string? Model)
{
    /// <exception cref="ProviderException">The body cannot be read, or is the report of a failure.</exception>
    public static RecordedUsage Read(IWire wire, Dialect dialect, ReadOnlySpan<byte> recorded)
    {
        var body = RecordedBody.WithoutMark(recorded);
        if (RecordedBody.IsCompressed(body))
        {
            throw RecordedBody.Compressed();
        }

        var facts = wire.Observe(new CallFeatures(), dialect);
        var streamed = Observe(facts, wire, body);
        if (facts.Error is { } error && facts.Usage is null && facts.ContentBytes == 0)
        {
            throw error;
        }

        return new RecordedUsage(UsageOf(facts, cut: streamed && !facts.Terminated), facts.Model);
    }

    /// <returns>Whether it was a stream.</returns>
    private static bool Observe(AnswerObserver facts, IWire wire, ReadOnlySpan<byte> body)
    {
        var events = RecordedBody.IsBinary(body) ? BinaryEvents.Unpack(body, out _) : body;
        var payloads = RecordedBody.PayloadsOf(body);
        if (payloads.Count > 1)
        {
            payloads.ForEach(p => facts.Observe(new Frame { Length = p.Length, Data = p }));
        }
        else if (RecordedBody.IsBinary(body) || RecordedBody.IsEventStream(body))
        {
            for (; wire.Framing.TryRead(events, final: true, out var frame); events = events[frame.Length..])
            {
                facts.Observe(frame);
            }
        }
        else
        {
            facts.ObserveUsage(body);
            return false;
        }

        return true;
    }

    /// <summary>A stream that was cut may have produced more than it reported until then.</summary>
    private static Usage UsageOf(AnswerObserver facts, bool cut)
    {
        var seen = TokenEstimate.Of(facts.ContentBytes);
        return facts.Usage switch
        {
            { } usage when !cut => usage,
            { } usage => usage with { OutputTokens = Math.Max(usage.OutputTokens, seen), Evidence = UsageEvidence.Estimated },
            null when seen > 0 => new Usage { OutputTokens = seen, Evidence = UsageEvidence.Estimated },
            null => new Usage { Evidence = UsageEvidence.Unknown },
        };
    }
}
