using Sluice.Admission;
using Sluice.Calls;

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

            return batch;
        }
        catch (ProviderException failure)
        {
            _attempt.CutOff(stream, failure);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_attempt.Ended)
        {
            _attempt.Abort(Answer);
        }

        await Answer.DisposeAsync().ConfigureAwait(false);
        _attempt.Clock.Dispose();
    }
}
