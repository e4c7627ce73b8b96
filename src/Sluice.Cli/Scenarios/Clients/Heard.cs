using System.Text;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>What a client understood of an answer.</summary>
internal sealed class Heard
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    /// <summary>How it ended, in no protocol's words: <c>stop</c>, <c>length</c>, <c>tools</c>, <c>refusal</c>, or the protocol's own.</summary>
    public string? Finish { get; private set; }

    /// <summary>The protocol's own end was seen.</summary>
    public bool Ended { get; set; }

    /// <summary>The type or code of an error, instead of an answer or in its middle.</summary>
    public List<string> Errors { get; } = [];

    public string? ErrorMessage { get; private set; }

    public string? Model { get; set; }

    public long? InputTokens { get; set; }

    public long? OutputTokens { get; set; }

    public void Say(string? text) => _text.Append(text);

    public void End(string? reason)
    {
        Finish =
            reason?.ToLowerInvariant() switch
            {
                "stop" or "end_turn" or "completed" or "stop_sequence" => "stop",
                "length" or "max_tokens" or "incomplete" => "length",
                "tool_calls" or "tool_use" => "tools",
                "content_filter" or "refusal" or "safety" => "refusal",
                var other => other,
            } ?? Finish;
        Ended = true;
    }

    public void Fail(string? message, params IEnumerable<string?> names)
    {
        ErrorMessage = message;
        Errors.AddRange(names.OfType<string>().Where(n => n.Length > 0));
        if (Errors.Count == 0)
        {
            Errors.Add("error");
        }
    }
}
