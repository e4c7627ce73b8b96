using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>
/// The events of a streamed answer as updates, so that merging them gives what the unstreamed answer is. Tool calls are handed over
/// whole once the answer has finished, and what comes behind a call waits with it: a signature stands for what follows it.
/// </summary>
internal sealed class UpdateProjection(Answer answer, Call call)
{
    private readonly List<AIContent> _ready = [];
    private readonly List<Func<AIContent>> _waiting = [];
    private readonly Dictionary<int, StringBuilder> _calls = [];
    private readonly List<Citation> _citations = [];
    private readonly StringBuilder _refusal = new();
    private readonly List<JsonElement> _logprobs = [];

    /// <summary>The characters of the text under way.</summary>
    private int _characters;
    private string? _stopSequence;

    public IEnumerable<ChatResponseUpdate> Updates(AnswerEvent answerEvent)
    {
        Read(answerEvent);
        foreach (var content in _ready)
        {
            yield return Update(content);
        }

        _ready.Clear();
        if (answerEvent is Finished finished)
        {
            var last = Update();
            last.FinishReason = AnswerProjection.ReasonOf(finished.Reason);
            yield return last;
        }
    }

    /// <summary>Usage and receipt, when both are final, and what belongs to the answer as a whole.</summary>
    public ChatResponseUpdate Last(Receipt receipt)
    {
        End();
        HandOver();
        var update = Update([.. _ready, new UsageContent(AnswerProjection.UsageOf(receipt.Usage))]);
        update.AdditionalProperties = AnswerProjection.PropertiesOf(receipt, _logprobs, _stopSequence);
        return update;
    }

    private void Read(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                EndRefusal();
                _characters += text.Text.Length;
                Add(new TextContent(text.Text));
                break;
            case Cited cited:
                _citations.Add(cited.Citation);
                break;
            case RefusalDelta refusal:
                EndText();
                _refusal.Append(refusal.Text);
                break;
            case ToolArgumentsDelta arguments:
                _calls.GetValueOrDefault(arguments.Index)?.Append(arguments.Json);
                break;
            case LogprobsReported logprobs:
                _logprobs.Add(logprobs.Json);
                break;
            case UsageReported:
                break;
            case Finished finished:
                End();
                HandOver();
                _stopSequence = finished.StopSequence;
                break;
            default:
                End();
                Begin(answerEvent);
                break;
        }
    }

    private void Begin(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case ReasoningDelta reasoning:
                Add(ReasoningProjection.Write(new ReasoningPart(reasoning.Text, null)));
                break;
            case ReasoningSigned signed:
                Add(ReasoningProjection.Write(new ReasoningPart("", signed.Signature)));
                break;
            case ReasoningRedacted redacted:
                Add(ReasoningProjection.Write(new ReasoningPart("", null, redacted.Data)));
                break;
            case PartReported reported:
                foreach (var content in PartProjection.Write(reported.Part))
                {
                    Add(content);
                }

                break;
            case ToolCallStarted started:
                var arguments = _calls[started.Index] = new StringBuilder();
                _waiting.Add(() => FunctionProjection.Write(new ToolCallPart(started.Id, started.Name, arguments.ToString())));
                break;
        }
    }

    private void Add(AIContent content)
    {
        if (_waiting.Count == 0)
        {
            _ready.Add(content);
        }
        else
        {
            _waiting.Add(() => content);
        }
    }

    private void HandOver()
    {
        _ready.AddRange(_waiting.Select(w => w()));
        _waiting.Clear();
    }

    private void End()
    {
        EndText();
        EndRefusal();
    }

    /// <summary>Sources follow the text that rests on them, in a content of their own: texts with sources are not merged with others.</summary>
    private void EndText()
    {
        if (_citations.Count > 0)
        {
            Add(
                new TextContent("")
                {
                    Annotations = CitationProjection.Write(_citations),
                    AdditionalProperties = new AdditionalPropertiesDictionary { [Properties.Covers] = (long)_characters },
                }
            );
            _citations.Clear();
        }

        _characters = 0;
    }

    private void EndRefusal()
    {
        if (_refusal.Length > 0)
        {
            Add(PartProjection.Refused(_refusal.ToString()));
            _refusal.Clear();
        }
    }

    private ChatResponseUpdate Update(params AIContent[] contents) =>
        new(ChatRole.Assistant, contents)
        {
            ResponseId = answer.Facts.Id ?? call.Id,
            ModelId = answer.Facts.Model ?? answer.Target.Model,
            CreatedAt = call.StartedAt,
        };
}
