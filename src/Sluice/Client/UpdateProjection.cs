using System.Text;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>The events of a streamed answer as updates. Tool calls are handed over whole, once the answer has finished.</summary>
internal sealed class UpdateProjection(Answer answer, Call call)
{
    private readonly Dictionary<int, (string Id, string Name, StringBuilder Arguments)> _calls = [];

    public IEnumerable<ChatResponseUpdate> Updates(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                yield return Update(new TextContent(text.Text));
                break;
            case ReasoningDelta reasoning:
                yield return Update(ReasoningProjection.Write(new ReasoningPart(reasoning.Text, null)));
                break;
            case ReasoningSigned signed:
                yield return Update(ReasoningProjection.Write(new ReasoningPart("", signed.Signature)));
                break;
            case ReasoningRedacted redacted:
                yield return Update(ReasoningProjection.Write(new ReasoningPart("", null, redacted.Data)));
                break;
            case RefusalDelta refusal:
                yield return Update(new ErrorContent(refusal.Text) { ErrorCode = "Refusal" });
                break;
            case ToolCallStarted started:
                _calls[started.Index] = (started.Id, started.Name, new StringBuilder());
                break;
            case ToolArgumentsDelta arguments:
                _calls[arguments.Index].Arguments.Append(arguments.Json);
                break;
            case Finished finished:
                foreach (var (id, name, arguments) in _calls.OrderBy(c => c.Key).Select(c => c.Value))
                {
                    yield return Update(AnswerProjection.CallOf(id, name, arguments.ToString()));
                }

                var last = Update();
                last.FinishReason = AnswerProjection.ReasonOf(finished.Reason);
                yield return last;
                break;
        }
    }

    /// <summary>Usage and receipt, when both are final.</summary>
    public ChatResponseUpdate Last(Receipt receipt)
    {
        var update = Update(new UsageContent(AnswerProjection.UsageOf(receipt.Usage)));
        update.AdditionalProperties = new AdditionalPropertiesDictionary { [SluiceChatExtensions.ReceiptKey] = receipt };
        return update;
    }

    private ChatResponseUpdate Update(params AIContent[] contents) =>
        new(ChatRole.Assistant, contents)
        {
            ResponseId = answer.Facts.Id ?? call.Id,
            ModelId = answer.Facts.Model ?? answer.Target.Model,
            CreatedAt = call.StartedAt,
        };
}
