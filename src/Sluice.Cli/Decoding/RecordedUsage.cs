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
    public static RecordedUsage Read(IWire wire, Dialect dialect, ReadOnlySpan<byte> body)
    {
        var facts = wire.Observe(new CallFeatures(), dialect);
        var payloads = RecordedBody.PayloadsOf(body);
        var streamed = RecordedBody.IsEventStream(body) || payloads.Count > 1;
        if (!streamed)
        {
            facts.ObserveUsage(body);
        }
        else if (payloads.Count > 1)
        {
            payloads.ForEach(p => facts.Observe(new Frame { Length = p.Length, Data = p }));
        }
        else
        {
            for (var rest = body; wire.Framing.TryRead(rest, final: true, out var frame); rest = rest[frame.Length..])
            {
                facts.Observe(frame);
            }
        }

        if (facts.Error is { } error && facts.Usage is null && facts.ContentBytes == 0)
        {
            throw error;
        }

        return new RecordedUsage(UsageOf(facts, cut: streamed && !facts.Terminated), facts.Model);
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
