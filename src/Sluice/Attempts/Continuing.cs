using System.Collections.Frozen;
using System.Text;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>Goes on with an answer that was cut after its caller had seen some of it, by the targets that follow.</summary>
/// <remarks>
/// A target that takes the beginning of its answer is given what was sent; any other is asked anew, and what it repeats is left out.
/// Each is an attempt of its own under a hold of its own. See docs/decisions/0017-a-cut-answer-goes-on.md.
/// </remarks>
internal sealed class Continuing(
    LoopRun run,
    Entrance entrance,
    HttpOpener opener,
    WholeOnly wholeOnly,
    TimeProvider time,
    CancellationToken caller
) : IDisposable
{
    private ProviderException? _cut;

    /// <summary>What the caller was sent.</summary>
    public SentStream Sent { get; } = new();

    /// <summary>The attempt that gave the last of the answer; <see langword="null"/> where it is still the first.</summary>
    public RunningAttempt? Last { get; private set; }

    /// <summary>What the caller is told of the whole answer: the prompt once, and all that was said.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>The rest of the answer, to its usage and finish.</summary>
    /// <param name="first">What was cut; it is booked, and its connection is let go here.</param>
    /// <param name="cut">How.</param>
    /// <exception cref="ProviderException">Nobody could go on with it to its end: it stays cut.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async IAsyncEnumerable<AnswerEvent> GoOnAsync(Answer first, ProviderException cut)
    {
        var mayGoOn = cut.Denial is null && Sent.Read(first) && !run.Request.AsksForForm();
        await first.DisposeAsync().ConfigureAwait(false);
        var text = new StringBuilder(Sent.Text);
        _cut = cut;
        run.Failed(first.Target, cut);
        while (mayGoOn && await NextAsync(text.ToString()).ConfigureAwait(false) is { } second)
        {
            await using var left = second.ConfigureAwait(false);
            var before = TokenEstimate.Of(Encoding.UTF8.GetByteCount(text.ToString()));
            while (await second.NextAsync().ConfigureAwait(false) is { } answerEvent)
            {
                Last = second.Committed.Attempt;
                text.Append((answerEvent as TextDelta)?.Text);
                // Between a call and its arguments nobody can go on.
                mayGoOn &= answerEvent is TextDelta;
                yield return answerEvent;
            }

            if (second is { Cut: null, Differs: false })
            {
                Last = second.Committed.Attempt;
                foreach (var end in End(first, second, before))
                {
                    yield return end;
                }

                yield break;
            }

            // Who differs has added nothing to what was sent, so that another may still go on with it.
            _cut = second.Cut ?? Differing(second, _cut);
            run.Failed(second.Committed.Answer.Target, _cut);
        }

        throw _cut;
    }

    private IEnumerable<AnswerEvent> End(Answer first, SecondAnswer second, long before)
    {
        if (second.Usage is { } usage)
        {
            Usage = Together(first.Facts.Usage, usage, before, second.Restarted);
            yield return new UsageReported(Usage);
        }

        yield return second.Finish ?? new Finished(FinishReason.Stop);
    }

    /// <summary>The next target that opens an answer.</summary>
    private async ValueTask<SecondAnswer?> NextAsync(string text)
    {
        while (!run.Stopped && !run.IsOver(time) && run.Next() is { } stop)
        {
            if (Ready(stop) is { } ready && await OpenAsync(ready, text).ConfigureAwait(false) is { } second)
            {
                return second;
            }
        }

        return null;
    }

    /// <returns><see langword="null"/> when the target cannot be asked for this, which is recorded.</returns>
    private Prepared? Ready((Route Route, Target Target) stop)
    {
        try
        {
            return Preparing.Of(run, stop, wholeOnly, time.GetUtcNow());
        }
        catch (RequestException exception)
        {
            run.Reject(stop.Target, "unsupported", exception.Message, FailureClass.BadRequest);
            return null;
        }
    }

    private async ValueTask<SecondAnswer?> OpenAsync(Prepared ready, string text)
    {
        if (run.Request.PrepareFrom(text, ready.Target, ready.Route) is { } begun)
        {
            var (second, isRefused) = await TryAsync(ready with { Request = begun }, text, restarted: false).ConfigureAwait(false);
            if (!isRefused)
            {
                return second;
            }
        }

        return (await TryAsync(ready, text, restarted: true).ConfigureAwait(false)).Second;
    }

    /// <returns>The answer; or none, and whether the target only does not take the beginning it was given.</returns>
    private async ValueTask<(SecondAnswer? Second, bool BeginningRefused)> TryAsync(Prepared ready, string text, bool restarted)
    {
        var (attempt, refusal) = await entrance.EnterAsync(run, ready, FrozenSet<string>.Empty, beside: null, caller).ConfigureAwait(false);
        if (attempt is null)
        {
            run.Refused(ready.Target, refusal);
            return (null, false);
        }

        try
        {
            var opening = new Opening(attempt, ready.Request, run.FirstContent(ready.Target));
            var answer = await opener.OpenAsync(opening, run.Asked.Deadlines).ConfigureAwait(false);
            run.Call.DegradeAlso(ready.Request.Degradations);
            return (new SecondAnswer(new Committed(run.Call, answer, attempt), text, restarted), false);
        }
        catch (OperationCanceledException)
        {
            attempt.Abort();
            attempt.Clock.Dispose();
            throw;
        }
        catch (ProviderException failure)
        {
            attempt.Fail(failure);
            attempt.Clock.Dispose();
            if (!restarted && failure.Failure == FailureClass.BadRequest)
            {
                return (null, true);
            }

            run.Failed(ready.Target, failure);
            if (failure.CannotStream)
            {
                wholeOnly.Note(ready.Target);
            }

            return (null, false);
        }
    }

    public void Dispose() => Sent.Dispose();

    private static ProviderException Differing(SecondAnswer second, ProviderException cut) =>
        new(FailureClass.ModelFault, $"{cut.Message}; {second.Committed.Answer.Target.Name} answers otherwise than what was sent");

    private static Usage Together(Usage? first, Usage last, long before, bool restarted)
    {
        var prompt = first is { InputTokens: > 0 } ? first : last;
        var input = prompt == last && !restarted ? Math.Max(0, last.InputTokens - before) : prompt.InputTokens;
        return new Usage
        {
            InputTokens = input,
            CacheReadTokens = Math.Min(input, prompt.CacheReadTokens),
            CacheWriteTokens = Math.Min(input, prompt.CacheWriteTokens),
            OutputTokens = restarted ? last.OutputTokens : before + last.OutputTokens,
            ReasoningTokens = last.ReasoningTokens,
            Evidence = restarted ? last.Evidence : UsageEvidence.Estimated,
        };
    }
}
