using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Gives an answer back the form it was asked for: the arguments of the answering tool, or what follows a given beginning, become its text.</summary>
internal sealed class StructuredReader : IAnswerReader
{
    private readonly IAnswerReader _inner;
    private readonly bool _begun;
    private readonly List<AnswerEvent> _read = [];
    private readonly HashSet<int> _answers = [];
    private string _space = "";
    private bool _said;
    private bool _calls;

    private StructuredReader(IAnswerReader inner, StructuredBy form)
    {
        _inner = inner;
        _begun = form == StructuredBy.Prefill;
    }

    public static IAnswerReader Over(IAnswerReader inner, StructuredBy form) =>
        StructuredOutput.ChangesAnswer(form) ? new StructuredReader(inner, form) : inner;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        _inner.ReadFrame(frame, _read);
        Pass(events);
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        _inner.ReadWhole(body, _read);
        Pass(events);
    }

    private void Pass(ICollection<AnswerEvent> events)
    {
        foreach (var answerEvent in _read)
        {
            if (Changed(answerEvent) is { } changed)
            {
                events.Add(changed);
            }
        }

        _read.Clear();
    }

    private AnswerEvent? Changed(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case TextDelta text when _begun && !_said:
                return Begin(text.Text);
            case ToolCallStarted { Name: StructuredOutput.ToolName } call:
                _answers.Add(call.Index);
                return null;
            case ToolArgumentsDelta arguments when _answers.Contains(arguments.Index):
                return new TextDelta(arguments.Json);
            case ToolCallStarted:
                _calls = true;
                return answerEvent;
            case Finished { Reason: FinishReason.ToolCalls } when _answers.Count > 0 && !_calls:
                return new Finished(FinishReason.Stop);
            default:
                return answerEvent;
        }
    }

    /// <summary>Some models repeat the beginning they were given.</summary>
    private TextDelta? Begin(string text)
    {
        var whole = _space + text;
        if (string.IsNullOrWhiteSpace(whole))
        {
            _space = whole;
            return null;
        }

        _said = true;
        return new TextDelta(
            whole.AsSpan().TrimStart().StartsWith(StructuredOutput.Beginning, StringComparison.Ordinal)
                ? whole
                : StructuredOutput.Beginning + whole
        );
    }
}
