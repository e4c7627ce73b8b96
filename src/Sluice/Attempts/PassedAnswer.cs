using System.Text.Json;
using Sluice.Money;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>An answer that passes as it is, success or not, while it is read.</summary>
internal sealed class PassedAnswer(HttpResponseMessage response, AttemptClock clock) : Answer
{
    private Stream? _body;
    private long _read;

    /// <summary>How long it is; <see langword="null"/> when the provider did not say.</summary>
    public long? Length { get; } = response.Content.Headers.ContentLength;

    public bool IsJson { get; } =
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether everything has been read.</summary>
    public bool AtEnd { get; private set; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        _body ??= await response.Content.ReadAsStreamAsync(clock.Token).ConfigureAwait(false);
        var read = await _body.ReadAsync(buffer, clock.Token).ConfigureAwait(false);
        if (_read == 0)
        {
            TimeToFirstContent = clock.Elapsed;
        }

        _read += read;
        AtEnd = read == 0 || _read == Length;
        return read;
    }

    public override ValueTask DisposeAsync()
    {
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What is known of an answer nobody reads: whether its price is.</summary>
internal sealed class PassedFacts : AnswerObserver
{
    public PassedFacts(bool priced) => Usage = new Usage { Evidence = priced ? UsageEvidence.Reported : UsageEvidence.Unknown };

    protected override bool Ended => true;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data) => throw new JsonException("a passed answer has no frames");

    protected override void ReadFacts(ReadOnlySpan<byte> body) => throw new JsonException("a passed answer is not read");

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body) => throw new JsonException("a passed answer is not read");
}
