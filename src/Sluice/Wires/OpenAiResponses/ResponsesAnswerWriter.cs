using System.Buffers;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes a Responses answer: items begin, grow and end, and stand once more in the response that closes it.</summary>
internal sealed class ResponsesAnswerWriter(AnswerIdentity identity) : IAnswerWriter
{
    private readonly ResponseWriter _response = new(identity);
    private readonly EventStream _events = new();
    private readonly List<ItemDraft> _items = [];

    /// <summary>Calls by the index of their events. Pieces of several may come mixed: all stay open to the end.</summary>
    private readonly Dictionary<int, CallDraft> _calls = [];
    private ItemDraft? _open;
    private bool _begun;
    private Usage? _usage;
    private FinishReason? _finish;

    public int Events => _events.Count;

    public void CountOn(int events) => _events.CountOn(events);

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        Begin(output);
        switch (answerEvent)
        {
            case TextDelta text:
                Say(output, text.Text, isRefusal: false);
                break;
            case RefusalDelta refusal:
                Say(output, refusal.Text, isRefusal: true);
                break;
            case Cited cited:
                Cite(output, cited.Citation);
                break;
            case LogprobsReported logprobs when _open is MessageDraft { Content: [.., var content] }:
                content.Logprobs.Add(logprobs.Json);
                break;
            case ReasoningDelta reasoning:
                Think(output, reasoning.Text);
                break;
            case ReasoningSigned signed:
                Sign(output, signed.Signature);
                break;
            case ReasoningRedacted redacted:
                Close(output);
                Sign(output, ReasoningItem.Redacted(redacted.Data));
                break;
            case ToolCallStarted call:
                Close(output);
                Add(output, _calls[call.Index] = new CallDraft(_items.Count, IdOf("fc"), call));
                break;
            case ToolArgumentsDelta arguments:
                AddArguments(output, _calls[arguments.Index], arguments.Json);
                break;
            case UsageReported reported:
                _usage = reported.Usage;
                break;
            case Finished finished:
                _finish = finished.Reason;
                break;
        }
    }

    public void WriteEnd(IBufferWriter<byte> output)
    {
        Begin(output);
        var finish = _finish ?? FinishReason.Stop;
        Close(output, finish);
        foreach (var call in _calls.Values.OrderBy(c => c.Index))
        {
            EndCall(output, call, finish);
        }

        _events.Write(output, ResponseWriter.Ending(finish, _items), json => WriteResponse(json, finish));
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var frames = new ArrayBufferWriter<byte>();
        foreach (var answerEvent in events)
        {
            WriteFrames(answerEvent, frames);
        }

        WriteEnd(frames);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        _response.Write(json, _items, _finish ?? FinishReason.Stop, _usage);
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        _events.Write(output, "response.created", json => WriteResponse(json, null));
        _events.Write(output, "response.in_progress", json => WriteResponse(json, null));
    }

    private void WriteResponse(Utf8JsonWriter json, FinishReason? finish)
    {
        json.WritePropertyName("response");
        _response.Write(json, _items, finish, _usage);
    }

    private string IdOf(string kind) =>
        _items.Count < identity.Items.Count ? identity.Items[_items.Count] : $"{kind}_{identity.Id}_{_items.Count}";

    private void Add(IBufferWriter<byte> output, ItemDraft item)
    {
        _items.Add(item);
        WriteItem(output, "response.output_item.added", item);
    }

    private void WriteItem(IBufferWriter<byte> output, string name, ItemDraft item) =>
        _events.Write(
            output,
            name,
            json =>
            {
                json.WriteNumber("output_index", item.Index);
                json.WritePropertyName("item");
                item.Write(json);
            }
        );

    private void Say(IBufferWriter<byte> output, string words, bool isRefusal)
    {
        var (message, content) = Content(output, isRefusal);
        content.Text.Append(words);
        WritePiece(
            output,
            $"response.{content.Type}.delta",
            message,
            content,
            json =>
            {
                json.WriteString("delta", words);
                if (!isRefusal)
                {
                    json.WriteStartArray("logprobs");
                    json.WriteEndArray();
                }
            }
        );
    }

    private (MessageDraft Message, ContentDraft Content) Content(IBufferWriter<byte> output, bool isRefusal)
    {
        if (_open is not MessageDraft message)
        {
            Close(output);
            message = new MessageDraft(_items.Count, IdOf("msg"));
            _open = message;
            Add(output, message);
        }

        if (message.Content is not [.., var content] || (content.Type == "refusal") != isRefusal)
        {
            EndContent(output, message);
            content = new ContentDraft(message.Content.Count, isRefusal);
            WritePart(output, "response.content_part.added", message, content);
            message.Content.Add(content);
        }

        return (message, content);
    }

    private void Cite(IBufferWriter<byte> output, Citation citation)
    {
        var (message, content) = Content(output, isRefusal: false);
        content.Cite(citation);
        var (_, start, end) = content.Citations[^1];
        WritePiece(
            output,
            "response.output_text.annotation.added",
            message,
            content,
            json =>
            {
                json.WriteNumber("annotation_index", content.Citations.Count - 1);
                json.WritePropertyName("annotation");
                Annotation.Write(json, citation, start, end);
            }
        );
    }

    private void Think(IBufferWriter<byte> output, string thought)
    {
        var reasoning = Reasoning(output, IdOf("rs"));
        if (reasoning.Text.Length == 0)
        {
            WriteSummary(output, "response.reasoning_summary_part.added", reasoning, json => WriteSummaryPart(json, ""));
        }

        reasoning.Text.Append(thought);
        WriteSummary(output, "response.reasoning_summary_text.delta", reasoning, json => json.WriteString("delta", thought));
    }

    /// <summary>What is thought after a signature is an item of its own.</summary>
    private void Sign(IBufferWriter<byte> output, string signature)
    {
        var (id, encrypted) = ReasoningItem.Split(signature);
        Reasoning(output, id ?? IdOf("rs")).Encrypted = encrypted;
        Close(output);
    }

    private ReasoningDraft Reasoning(IBufferWriter<byte> output, string id)
    {
        if (_open is not ReasoningDraft reasoning)
        {
            Close(output);
            reasoning = new ReasoningDraft(_items.Count, id);
            _open = reasoning;
            Add(output, reasoning);
        }

        return reasoning;
    }

    private void AddArguments(IBufferWriter<byte> output, CallDraft call, string arguments)
    {
        call.Arguments.Append(arguments);
        WriteOf(output, "response.function_call_arguments.delta", call, json => json.WriteString("delta", arguments));
    }

    private void EndCall(IBufferWriter<byte> output, CallDraft call, FinishReason finish)
    {
        if (call.Arguments.Length == 0)
        {
            AddArguments(output, call, "{}");
        }

        WriteOf(output, "response.function_call_arguments.done", call, json => json.WriteString("arguments", call.Arguments.ToString()));
        End(output, call, finish);
    }

    private void End(IBufferWriter<byte> output, ItemDraft item, FinishReason? finish)
    {
        item.Status = finish == FinishReason.Length ? "incomplete" : "completed";
        WriteItem(output, "response.output_item.done", item);
    }

    /// <param name="finish">Why, at the end of the answer.</param>
    private void Close(IBufferWriter<byte> output, FinishReason? finish = null)
    {
        switch (_open)
        {
            case MessageDraft message:
                EndContent(output, message);
                break;
            case ReasoningDraft { Text.Length: > 0 } reasoning:
                var text = reasoning.Text.ToString();
                WriteSummary(output, "response.reasoning_summary_text.done", reasoning, json => json.WriteString("text", text));
                WriteSummary(output, "response.reasoning_summary_part.done", reasoning, json => WriteSummaryPart(json, text));
                break;
        }

        if (_open is not null)
        {
            End(output, _open, finish);
            _open = null;
        }
    }

    private void EndContent(IBufferWriter<byte> output, MessageDraft message)
    {
        if (message.Content is not [.., var content])
        {
            return;
        }

        WritePiece(
            output,
            $"response.{content.Type}.done",
            message,
            content,
            json =>
            {
                json.WriteString(content.Member, content.Text.ToString());
                if (content.Type == "output_text")
                {
                    Logprobs.Write(json, content.Logprobs);
                }
            }
        );
        WritePart(output, "response.content_part.done", message, content);
    }

    private void WritePart(IBufferWriter<byte> output, string name, MessageDraft message, ContentDraft content) =>
        WritePiece(
            output,
            name,
            message,
            content,
            json =>
            {
                json.WritePropertyName("part");
                content.Write(json);
            }
        );

    private void WritePiece(
        IBufferWriter<byte> output,
        string name,
        MessageDraft message,
        ContentDraft content,
        Action<Utf8JsonWriter> fields
    ) =>
        WriteOf(
            output,
            name,
            message,
            json =>
            {
                json.WriteNumber("content_index", content.Index);
                fields(json);
            }
        );

    private void WriteSummary(IBufferWriter<byte> output, string name, ReasoningDraft reasoning, Action<Utf8JsonWriter> fields) =>
        WriteOf(
            output,
            name,
            reasoning,
            json =>
            {
                json.WriteNumber("summary_index", 0);
                fields(json);
            }
        );

    private static void WriteSummaryPart(Utf8JsonWriter json, string text)
    {
        json.WritePropertyName("part");
        ReasoningDraft.WriteSummary(json, text);
    }

    private void WriteOf(IBufferWriter<byte> output, string name, ItemDraft item, Action<Utf8JsonWriter> fields) =>
        _events.Write(
            output,
            name,
            json =>
            {
                json.WriteString("item_id", item.Id);
                json.WriteNumber("output_index", item.Index);
                fields(json);
            }
        );
}
