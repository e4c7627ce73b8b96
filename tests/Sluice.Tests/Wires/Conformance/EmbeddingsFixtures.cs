namespace Sluice.Tests.Wires.Conformance;

/// <summary>Embeddings: the one wire without streams.</summary>
internal sealed class EmbeddingsFixtures : IFixtures
{
    public string Preset => "openai";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        Enum.GetValues<Trouble>().ToDictionary(trouble => trouble, _ => Fixture.None("vectors come whole, in one JSON body"));
}
