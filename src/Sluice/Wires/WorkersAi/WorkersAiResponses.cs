using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Reads what models answer in the shape of Responses: an <c>output</c> of items, or the events that make one.</summary>
internal sealed class WorkersAiResponses
{
    private bool _called;
    private bool _refused;

    public void Read(JsonElement answer, ICollection<AnswerEvent> events)
    {
        if (answer.Get("output") is { ValueKind: JsonValueKind.Array })
        {
            foreach (var (item, index) in answer.Items("output").Select((item, index) => (item, index)))
            {
                ReadItem(item, index, events);
            }

            ReadEnd(answer, events);
            return;
        }

        var at = (int)(answer.Integer("output_index") ?? 0);
        switch (answer.Text("type"))
        {
            case "response.output_text.delta" when answer.Text("delta") is { Length: > 0 } text:
                events.Add(new TextDelta(text));
                break;
            case "response.reasoning_text.delta"
            or "response.reasoning_summary_text.delta" when answer.Text("delta") is { Length: > 0 } thought:
                events.Add(new ReasoningDelta(thought));
                break;
            case "response.refusal.delta" when answer.Text("delta") is { Length: > 0 } refusal:
                _refused = true;
                events.Add(new RefusalDelta(refusal));
                break;
            case "response.output_item.added" when answer.Get("item") is { } item && item.Text("type") == "function_call":
                StartCall(item, at, events);
                break;
            case "response.function_call_arguments.delta" when answer.Text("delta") is { Length: > 0 } arguments:
                events.Add(new ToolArgumentsDelta(at, arguments));
                break;
            case "response.completed" or "response.incomplete" when answer.Get("response") is { } response:
                ReadEnd(response, events);
                break;
        }
    }

    private void ReadItem(JsonElement item, int index, ICollection<AnswerEvent> events)
    {
        switch (item.Text("type"))
        {
            case "message":
                foreach (var part in item.Items("content"))
                {
                    ReadPart(part, events);
                }

                break;
            case "reasoning":
                foreach (var thought in item.Items("summary").Concat(item.Items("content")))
                {
                    if (thought.Text("text") is { Length: > 0 } text)
                    {
                        events.Add(new ReasoningDelta(text));
                    }
                }

                break;
            case "function_call":
                StartCall(item, index, events);
                if (item.TextOrRaw("arguments") is { Length: > 0 } arguments)
                {
                    events.Add(new ToolArgumentsDelta(index, arguments));
                }

                break;
            case { } other:
                events.Add(new Omitted(other));
                break;
        }
    }

    private void ReadPart(JsonElement part, ICollection<AnswerEvent> events)
    {
        if (part.Text("refusal") is { Length: > 0 } refusal)
        {
            _refused = true;
            events.Add(new RefusalDelta(refusal));
        }
        else if (part.Text("text") is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }

        if (part.Items("annotations").Any())
        {
            events.Add(new Omitted("annotations"));
        }
    }

    private void StartCall(JsonElement item, int index, ICollection<AnswerEvent> events)
    {
        _called = true;
        events.Add(new ToolCallStarted(index, item.Text("call_id") ?? item.Text("id") ?? $"call_{index}", item.Text("name") ?? ""));
    }

    private void ReadEnd(JsonElement response, ICollection<AnswerEvent> events)
    {
        if (response.Get("usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            events.Add(new UsageReported(WorkersAiNative.UsageOf(usage)));
        }

        events.Add(
            new Finished(
                response.Get("incomplete_details")?.Text("reason") switch
                {
                    "max_output_tokens" => FinishReason.Length,
                    "content_filter" => FinishReason.Refusal,
                    _ => _refused ? FinishReason.Refusal
                    : _called ? FinishReason.ToolCalls
                    : FinishReason.Stop,
                }
            )
        );
    }
}
