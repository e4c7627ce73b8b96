namespace Sluice.Wires.Records;

/// <summary>A request in our own words: a superset of what the wires can say.</summary>
internal sealed record ChatRequest { }
