namespace Sluice.Wires.Records;

/// <summary>One event of an answer, streamed or whole.</summary>
internal abstract record AnswerEvent;
