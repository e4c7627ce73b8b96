namespace Sluice.Simulator;

/// <summary>One output item of a Responses answer, whole and in pieces.</summary>
/// <param name="Index">Its place in the output.</param>
/// <param name="Kind"><c>output_text</c>, <c>refusal</c>, <c>reasoning</c> or <c>function_call</c>.</param>
/// <param name="Text">What is said or thought, or the arguments.</param>
internal sealed record ResponsesItem(int Index, string Kind, string Text)
{
    public IReadOnlyList<string> Tokens { get; init; } = [];

    public Call? Call { get; init; }

    private bool IsMessage => Kind is "output_text" or "refusal";

    private string Id =>
        Kind switch
        {
            "reasoning" => $"rs_sim{Index}",
            "function_call" => $"fc_sim{Index}",
            _ => $"msg_sim{Index}",
        };

    private string Place =>
        $$"""
            "item_id":"{{Id}}","output_index":{{Index}}
            """.Trim();

    private string Member => Kind == "refusal" ? "refusal" : "text";

    public string Whole(Finish finish)
    {
        var status = finish == Finish.Length ? "incomplete" : "completed";
        return Kind switch
        {
            "reasoning" =>
                $$$$"""{"id":"{{{{Id}}}}","type":"reasoning","summary":[{"type":"summary_text","text":{{{{Quote(Text)}}}}}],"encrypted_content":"gAAAAsimulated"}""",
            "function_call" => Function(status, Text),
            _ => $$$$"""{"id":"{{{{Id}}}}","type":"message","status":"{{{{status}}}}","content":[{{{{Part(Text)}}}}],"role":"assistant"}""",
        };
    }

    public IEnumerable<string> Start(ResponsesTemplate.Numbered events)
    {
        var begun = Kind switch
        {
            "reasoning" => $$$$"""{"id":"{{{{Id}}}}","type":"reasoning","summary":[]}""",
            "function_call" => Function("in_progress", ""),
            _ => $$$$"""{"id":"{{{{Id}}}}","type":"message","status":"in_progress","content":[],"role":"assistant"}""",
        };
        yield return events.Write("response.output_item.added", $"\"output_index\":{Index},\"item\":{begun}");
        if (IsMessage)
        {
            yield return events.Write("response.content_part.added", $"{Place},\"content_index\":0,\"part\":{Part("")}");
        }
        else if (Kind == "reasoning")
        {
            yield return events.Write(
                "response.reasoning_summary_part.added",
                $"{Place},\"summary_index\":0,\"part\":{{\"type\":\"summary_text\",\"text\":\"\"}}"
            );
        }
    }

    public IEnumerable<string> Pieces(ResponsesTemplate.Numbered events, Fault fault)
    {
        var (name, place) = Kind switch
        {
            "reasoning" => ("response.reasoning_summary_text.delta", $"{Place},\"summary_index\":0"),
            "function_call" => ("response.function_call_arguments.delta", Place),
            _ => ($"response.{Kind}.delta", $"{Place},\"content_index\":0"),
        };
        var pieces =
            IsMessage && fault.OneByte ? Text.Select(c => c.ToString())
            : IsMessage ? Tokens
            : Words.Split(Text);
        return pieces.Select(p => events.Write(name, $"{place},\"delta\":{Quote(p)}"));
    }

    public IEnumerable<string> End(ResponsesTemplate.Numbered events, Finish finish)
    {
        if (IsMessage)
        {
            yield return events.Write($"response.{Kind}.done", $"{Place},\"content_index\":0,\"{Member}\":{Quote(Text)}");
            yield return events.Write("response.content_part.done", $"{Place},\"content_index\":0,\"part\":{Part(Text)}");
        }
        else if (Kind == "reasoning")
        {
            yield return events.Write("response.reasoning_summary_text.done", $"{Place},\"summary_index\":0,\"text\":{Quote(Text)}");
        }
        else
        {
            yield return events.Write("response.function_call_arguments.done", $"{Place},\"arguments\":{Quote(Text)}");
        }

        yield return events.Write("response.output_item.done", $"\"output_index\":{Index},\"item\":{Whole(finish)}");
    }

    private string Function(string status, string arguments) =>
        $$$$"""{"id":"{{{{Id}}}}","type":"function_call","status":"{{{{status}}}}","arguments":{{{{Quote(arguments)}}}},"call_id":"{{{{Call!.Id}}}}","name":{{{{Quote(Call.Name)}}}}}""";

    private string Part(string text) =>
        Kind == "refusal"
            ? $$$$"""{"type":"refusal","refusal":{{{{Quote(text)}}}}}"""
            : $$$$"""{"type":"output_text","annotations":[],"logprobs":[],"text":{{{{Quote(text)}}}}}""";

    private static string Quote(string text) => ResponsesTemplate.Quote(text);
}
