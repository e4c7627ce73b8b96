using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Reads an answer of Ollama as events, line by line or whole, to a chat or to a single prompt.</summary>
internal sealed class OllamaAnswerReader : IAnswerReader
{
    private int _calls;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (!frame.Data.IsEmpty)
        {
            ReadWhole(frame.Data, events);
        }
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        Read(document.RootElement, events);
    }

    private void Read(JsonElement root, ICollection<AnswerEvent> events)
    {
        var message = root.Get("message") ?? root;
        if (message.Text("thinking") is { Length: > 0 } thinking)
        {
            events.Add(new ReasoningDelta(thinking));
        }

        if ((message.Text("content") ?? message.Text("response")) is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }

        foreach (var image in message.Texts("images"))
        {
            events.Add(new PartReported("images", new ImagePart(ImageType.OfBase64(image), image, null)));
        }

        foreach (var call in message.Items("tool_calls"))
        {
            ReadCall(call, root.Text("created_at"), events);
        }

        if (root.Items("logprobs").Any())
        {
            events.Add(new LogprobsReported(AsContent(root.Get("logprobs")!.Value)));
        }

        if (root.Flag("done") == true)
        {
            ReadEnd(root, events);
        }
    }

    private void ReadCall(JsonElement call, string? time, ICollection<AnswerEvent> events)
    {
        if (call.Get("function") is not { } function || function.Text("name") is not { Length: > 0 } name)
        {
            return;
        }

        var index = _calls++;
        events.Add(new ToolCallStarted(index, call.Text("id") is { Length: > 0 } id ? id : Minted(time, index), name));
        if (ToolArguments.Read(function.Get("arguments")) is { Length: > 0 } arguments)
        {
            events.Add(new ToolArgumentsDelta(index, arguments));
        }
    }

    private void ReadEnd(JsonElement root, ICollection<AnswerEvent> events)
    {
        var (input, output) = (root.Count("prompt_eval_count"), root.Count("eval_count"));
        if (input is not null || output is not null)
        {
            events.Add(
                new UsageReported(
                    new Usage
                    {
                        InputTokens = input ?? 0,
                        OutputTokens = output ?? 0,
                        Evidence = UsageEvidence.Reported,
                    }
                )
            );
        }

        // A call ends with "stop" like everything else.
        events.Add(
            new Finished(
                root.Text("done_reason") switch
                {
                    "length" => FinishReason.Length,
                    OllamaAnswerWriter.Refused => FinishReason.Refusal,
                    _ => _calls > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
                }
            )
        );
    }

    /// <summary>Only recent versions give calls an id. One that is told from those of other turns by the time.</summary>
    private static string Minted(string? time, int index) => $"call_{string.Concat((time ?? "").Where(char.IsAsciiDigit))}_{index}";

    private static JsonElement AsContent(JsonElement tokens)
    {
        using var document = JsonDocument.Parse($$"""{"content":{{tokens.GetRawText()}}}""");
        return document.RootElement.Clone();
    }
}
