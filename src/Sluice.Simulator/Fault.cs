using System.Globalization;

namespace Sluice.Simulator;

/// <summary>What goes wrong with one answer. Nothing does by default.</summary>
public sealed record Fault
{
    /// <summary>Answers with this status and the wire's own error body.</summary>
    public int? Status { get; init; }

    /// <summary>The error's type or code, in place of the usual one of the status.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>Retry-After</c> header of an error, in seconds.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>Accepts the request and never answers.</summary>
    public bool Silence { get; init; }

    /// <summary>Resets the connection before the answer.</summary>
    public bool Reset { get; init; }

    /// <summary>Ends the connection after so many tokens, without a terminal event.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Stops sending after so many tokens, and stays connected.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Reports an error in the stream after so many tokens; -1 for before anything, 0 for after the role.</summary>
    public int? ErrorAfter { get; init; }

    /// <summary>Sends one frame that is not JSON after so many tokens.</summary>
    public int? MalformedAfter { get; init; }

    /// <summary>Waits before the first content, or before an error.</summary>
    public TimeSpan FirstContent { get; init; }

    /// <summary>Waits between tokens.</summary>
    public TimeSpan BetweenTokens { get; init; }

    /// <summary>Sends one character a frame.</summary>
    public bool OneByte { get; init; }

    /// <summary>Leaves out the last frame (<c>[DONE]</c>, <c>message_stop</c>).</summary>
    public bool NoEnd { get; init; }

    /// <summary>Leaves out the finish reason and the last frame.</summary>
    public bool NoFinish { get; init; }

    /// <summary>Leaves out usage.</summary>
    public bool NoUsage { get; init; }

    /// <summary>Cannot stream, where a wire has a way to say so.</summary>
    public bool NoStream { get; init; }

    /// <summary>Answers 200 with a page of HTML.</summary>
    public bool Html { get; init; }

    /// <summary>Rejects a request that gives the beginning of its answer.</summary>
    public bool NoPrefill { get; init; }

    /// <summary>How many tokens to answer, in place of an echo.</summary>
    public int? Tokens { get; init; }

    /// <summary>What model names can ask for, for help texts.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Names { get; } =
    [
        ("status-529", "answers 529 (any status) in the wire's own error shape; status-429-retry-2 adds Retry-After: 2"),
        ("quota", "429 insufficient_quota"),
        ("key", "401 invalid key"),
        ("context", "400 context length exceeded"),
        ("filter", "400 content filter"),
        ("silence", "accepts the request and never answers"),
        ("reset", "resets the connection"),
        ("slow-20s", "waits 20 s (or 500ms) before the first content"),
        ("delay-10ms", "waits 10 ms between tokens"),
        ("cut-40", "ends the connection after 40 tokens"),
        ("stall-5", "goes silent after 5 tokens"),
        ("error-first", "200, and the stream's first event is an error"),
        ("error-role", "200, a role, then an error"),
        ("error-5", "an error event after 5 tokens"),
        ("malformed-3", "one unreadable frame after 3 tokens"),
        ("bytes", "one character a frame"),
        ("noend", "leaves out the last frame"),
        ("nofinish", "leaves out finish reason and last frame"),
        ("nousage", "leaves out usage"),
        ("nostream", "cannot stream, as some models of Workers AI"),
        ("noprefill", "400 when the last turn is the assistant's"),
        ("html", "200 with a page of HTML"),
        ("tokens-60", "answers 60 tokens instead of an echo"),
    ];

    /// <summary>Reads a model name such as <c>sim-tokens-60+cut-40</c>; any other name has no fault.</summary>
    public static Fault OfModel(string model)
    {
        var fault = new Fault();
        if (!model.StartsWith("sim-", StringComparison.Ordinal))
        {
            return fault;
        }

        foreach (var part in model["sim-".Length..].Split('+'))
        {
            fault = fault.With(part);
        }

        return fault;
    }

    /// <summary>Reads what a model name says behind <c>sim-</c>: <c>tokens-60+cut-40</c>.</summary>
    /// <returns>The fault, or <see langword="null"/> where a part of it is not known.</returns>
    internal static Fault? Named(string name)
    {
        var known = Names.Select(n => n.Name.Split('-')[0]).ToHashSet();
        return name.Split('+').All(part => known.Contains(part.Split('-')[0])) ? OfModel("sim-" + name) : null;
    }

    private Fault With(string part) =>
        part.Split('-') switch
        {
            ["status", var status] => this with { Status = Number(status) },
            ["status", var status, "retry", var seconds] => this with { Status = Number(status), RetryAfter = Number(seconds) },
            ["quota"] => this with { Status = 429, Code = "insufficient_quota" },
            ["key"] => this with { Status = 401 },
            ["context"] => this with { Status = 400, Code = "context_length_exceeded" },
            ["filter"] => this with { Status = 400, Code = "content_filter" },
            ["silence"] => this with { Silence = true },
            ["reset"] => this with { Reset = true },
            ["slow", var span] => this with { FirstContent = Span(span) },
            ["delay", var span] => this with { BetweenTokens = Span(span) },
            ["cut", var tokens] => this with { CutAfter = Number(tokens) },
            ["stall", var tokens] => this with { StallAfter = Number(tokens) },
            ["error", "first"] => this with { ErrorAfter = -1 },
            ["error", "role"] => this with { ErrorAfter = 0 },
            ["error", var tokens] => this with { ErrorAfter = Number(tokens) },
            ["malformed", var tokens] => this with { MalformedAfter = Number(tokens) },
            ["bytes"] => this with { OneByte = true },
            ["noend"] => this with { NoEnd = true },
            ["nofinish"] => this with { NoFinish = true, NoEnd = true },
            ["nousage"] => this with { NoUsage = true },
            ["nostream"] => this with { NoStream = true },
            ["noprefill"] => this with { NoPrefill = true },
            ["html"] => this with { Html = true },
            ["tokens", var tokens] => this with { Tokens = Number(tokens) },
            _ => this,
        };

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static TimeSpan Span(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal)
            ? TimeSpan.FromMilliseconds(Number(text[..^2]))
            : TimeSpan.FromSeconds(Number(text.TrimEnd('s')));
}
