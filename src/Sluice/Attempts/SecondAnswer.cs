using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>The answer of a target that goes on with another's, without what the caller has already.</summary>
/// <param name="committed">Its answer.</param>
/// <param name="sent">The text that the caller has.</param>
/// <param name="restarted">Whether it was asked anew, and has to say that text again; else it was given it as its beginning.</param>
internal sealed class SecondAnswer(Committed committed, string sent, bool restarted) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<AnswerEvent> _events = AnswerEvents.ReadAsync(committed).GetAsyncEnumerator();
    private readonly Splice _splice = new(sent, restarted);

    public Committed Committed => committed;

    public bool Restarted => restarted;

    public Usage? Usage { get; private set; }

    public Finished? Finish { get; private set; }

    /// <summary>Why it ended before its end.</summary>
    public ProviderException? Cut { get; private set; }

    /// <summary>It says something else than what was sent: nobody can make one answer of both.</summary>
    public bool Differs { get; private set; }

    /// <summary>The next event for the caller; <see langword="null"/> at its end.</summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<AnswerEvent?> NextAsync()
    {
        while (Cut is null && !Differs)
        {
            try
            {
                if (!await _events.MoveNextAsync().ConfigureAwait(false))
                {
                    Differs = !_splice.IsOver;
                    return null;
                }
            }
            catch (ProviderException cut)
            {
                Cut = cut;
                return null;
            }

            if (Take(_events.Current) is { } answerEvent)
            {
                return answerEvent;
            }
        }

        return null;
    }

    /// <returns>What of an event is new to the caller; <see langword="null"/> for nothing.</returns>
    private AnswerEvent? Take(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case TextDelta piece:
                var said = _splice.New(piece.Text);
                Differs = said is null;
                return string.IsNullOrEmpty(said) ? null : new TextDelta(said);
            case ToolCallStarted or ToolArgumentsDelta or RefusalDelta:
                Differs = !_splice.IsOver;
                return Differs ? null : answerEvent;
            case UsageReported reported:
                Usage = reported.Usage;
                return null;
            case Finished finished:
                Finish = finished;
                return null;
            case ReasoningDelta or ReasoningSigned or ReasoningRedacted:
                committed.Call.Omit("reasoning");
                return null;
            case Cited:
                committed.Call.Omit("citations");
                return null;
            case PartReported part:
                committed.Call.Omit(part.Feature);
                return null;
            default:
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Differs)
        {
            committed.LeftBecause = "it answers otherwise than what the caller has";
        }

        await _events.DisposeAsync().ConfigureAwait(false);
        await committed.DisposeAsync().ConfigureAwait(false);
    }
}
