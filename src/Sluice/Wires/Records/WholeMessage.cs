using System.Text;
using System.Text.Json;
using Sluice.Money;

namespace Sluice.Wires.Records;

/// <summary>The events of one answer, folded.</summary>
internal sealed record WholeMessage
{
    /// <summary>Text, reasoning and calls in the order they came.</summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    public FinishReason Finish { get; init; }

    public string? StopSequence { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>Probabilities of the tokens, one list for each stretch of text.</summary>
    public IReadOnlyList<JsonElement> Logprobs { get; init; } = [];

    public string Text => string.Concat(Parts.OfType<TextPart>().Select(p => p.Text));

    public string Reasoning => string.Concat(Parts.OfType<ReasoningPart>().Select(p => p.Text));

    public string Refusal => string.Concat(Parts.OfType<RefusalPart>().Select(p => p.Text));

    public IReadOnlyList<ToolCallPart> Calls => [.. Parts.OfType<ToolCallPart>()];

    public static WholeMessage Of(IEnumerable<AnswerEvent> events)
    {
        var fold = new Fold();
        foreach (var answerEvent in events)
        {
            fold.Add(answerEvent);
        }

        return fold.Result();
    }

    private sealed class Fold
    {
        private readonly List<(Part Part, StringBuilder Text)> _parts = [];
        private readonly Dictionary<int, int> _calls = [];
        private Finished? _finished;
        private readonly List<JsonElement> _logprobs = [];
        private Usage? _usage;

        /// <summary>Whether the text at the end is a block to which nothing is added.</summary>
        private bool _ended;

        public void Add(AnswerEvent answerEvent)
        {
            switch (answerEvent)
            {
                case TextDelta text:
                    Append<TextPart>(text.Text, () => new TextPart(""));
                    break;
                case ReasoningDelta reasoning:
                    Append<ReasoningPart>(reasoning.Text, () => new ReasoningPart("", null));
                    break;
                case RefusalDelta refusal:
                    Append<RefusalPart>(refusal.Text, () => new RefusalPart(""));
                    break;
                case ReasoningSigned signed:
                    Append<ReasoningPart>("", () => new ReasoningPart("", null));
                    _parts[^1] = (((ReasoningPart)_parts[^1].Part) with { Signature = signed.Signature }, _parts[^1].Text);
                    break;
                case ReasoningRedacted redacted:
                    _parts.Add((new ReasoningPart("", null, redacted.Data), new StringBuilder()));
                    break;
                case Cited cited:
                    Append<TextPart>("", () => new TextPart(""));
                    _parts[^1] = (Citing((TextPart)_parts[^1].Part, cited.Citation), _parts[^1].Text);
                    break;
                case TextEnded:
                    _ended = true;
                    break;
                case PartReported reported:
                    _parts.Add((reported.Part, new StringBuilder()));
                    break;
                case LogprobsReported logprobs:
                    _logprobs.Add(logprobs.Json);
                    break;
                case ToolCallStarted call:
                    _calls[call.Index] = _parts.Count;
                    _parts.Add((new ToolCallPart(call.Id, call.Name, ""), new StringBuilder()));
                    break;
                case ToolArgumentsDelta arguments when _calls.TryGetValue(arguments.Index, out var position):
                    _parts[position].Text.Append(arguments.Json);
                    break;
                case UsageReported reported:
                    _usage = reported.Usage;
                    break;
                case Finished finished:
                    _finished = finished;
                    break;
            }
        }

        public WholeMessage Result() =>
            new()
            {
                Parts = [.. _parts.Select(p => Close(p.Part, p.Text.ToString()))],
                Finish = _finished?.Reason ?? FinishReason.Stop,
                StopSequence = _finished?.StopSequence,
                Usage = _usage,
                Logprobs = _logprobs,
            };

        private static TextPart Citing(TextPart text, Citation citation) => text with { Citations = [.. text.Citations, citation] };

        private void Append<T>(string text, Func<T> create)
            where T : Part
        {
            if (
                _parts.Count == 0
                || _parts[^1].Part is not T
                || _parts[^1].Part is ReasoningPart { IsSigned: true }
                || (_ended && _parts[^1].Part is TextPart)
            )
            {
                _parts.Add((create(), new StringBuilder()));
            }

            _ended = false;

            _parts[^1].Text.Append(text);
        }

        private static Part Close(Part part, string text) =>
            part switch
            {
                TextPart said => said with { Text = text },
                RefusalPart => new RefusalPart(text),
                ReasoningPart reasoning => reasoning with { Text = text },
                ToolCallPart call => call with { Arguments = text },
                _ => part,
            };
    }
}
