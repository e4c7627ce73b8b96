using Sluice.Admission;
using Sluice.Calls;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>An answer that reaches the caller. Its attempt is booked before the last byte leaves, whichever way it ends.</summary>
internal sealed class Committed : IAsyncDisposable
{
    private readonly RunningAttempt _attempt;

    public Committed(Call call, Answer answer, RunningAttempt attempt)
    {
        Call = call;
        Answer = answer;
        _attempt = attempt;
        if (answer is WholeAnswer)
        {
            attempt.Complete(answer);
        }
    }

    public Call Call { get; }

    public Answer Answer { get; }

    public Candidate Candidate => _attempt.Candidate;

    public RunningAttempt Attempt => _attempt;

    /// <summary>Goes on with a stream that is cut; <see langword="null"/> where nobody may.</summary>
    public Continuing? Continuing { get; init; }

    /// <summary>Who gave the last of the answer.</summary>
    public Candidate Last => Continuing?.Last?.Candidate ?? Candidate;

    /// <summary>Why it is left, if it is before its end.</summary>
    public string LeftBecause { get; set; } = "the caller went away";

    /// <summary>What is set aside for the answer while it streams.</summary>
    public Money.Credits Hold => _attempt.Hold;

    /// <summary>The next frames of a streamed answer. The attempt is settled before the last ones are handed over.</summary>
    /// <exception cref="ProviderException">The answer was cut after it had begun; it is booked as such.</exception>
    /// <exception cref="OperationCanceledException">The caller went away; what was seen is booked.</exception>
    public async ValueTask<StreamBatch> ReadAsync()
    {
        var stream = (PrimedStream)Answer;
        try
        {
            var batch = await stream.ReadAsync().ConfigureAwait(false);
            if (batch.Last)
            {
                _attempt.Complete(stream);
            }

            Continuing?.Sent.Add(batch.Bytes.Span);
            return batch;
        }
        catch (ProviderException failure)
        {
            _attempt.CutOff(stream, failure);
            throw;
        }
    }

    /// <summary>The next bytes of an answer that passes unread; none at its end, before which the attempt is settled.</summary>
    /// <exception cref="ProviderException">The answer was cut; it is booked as such.</exception>
    /// <exception cref="OperationCanceledException">The caller went away; what it costs is booked.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> piece)
    {
        var answer = (PassedAnswer)Answer;
        try
        {
            var read = await answer.ReadAsync(piece).ConfigureAwait(false);
            if (answer.AtEnd && !_attempt.Ended)
            {
                _attempt.Complete(answer);
            }

            return read;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || _attempt.Clock.Expired is not null)
        {
            var failure = _attempt.Clock.Expired ?? FailureClassifier.Classify(exception);
            if (!_attempt.Ended)
            {
                _attempt.CutOff(answer, failure);
            }

            throw failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_attempt.Ended)
        {
            _attempt.Abort(Answer, LeftBecause);
        }

        Continuing?.Dispose();
        await Answer.DisposeAsync().ConfigureAwait(false);
        _attempt.Clock.Dispose();
    }
}
