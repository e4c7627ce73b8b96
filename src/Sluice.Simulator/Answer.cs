namespace Sluice.Simulator;

/// <summary>What the simulator is going to say, in no wire's words.</summary>
internal sealed record Answer
{
    public required IReadOnlyList<string> Tokens { get; init; }

    public IReadOnlyList<Call> Calls { get; init; } = [];

    public bool Refusal { get; init; }

    public string? Thinking { get; init; }

    public required Finish Finish { get; init; }

    public required int InputTokens { get; init; }

    public int OutputTokens =>
        Math.Max(1, Tokens.Count + Calls.Sum(c => 5 + Words.Count(c.Arguments)) + (Thinking is null ? 0 : Words.Count(Thinking)));

    public string Text => string.Concat(Tokens);
}

internal sealed record Call(string Id, string Name, string Arguments);

internal enum Finish
{
    Stop,
    Length,
    Tools,
    Refusal,
}
