using Sluice.Catalog;

namespace Sluice.Tests.Wires.Conformance;

/// <summary>Every trouble on every wire, each through the whole engine: at once and one byte at a time.</summary>
public sealed class ConformanceTests
{
    private static readonly Dictionary<WireKind, IFixtures> Grid = new()
    {
        [WireKind.OpenAiChat] = new ChatFixtures(),
        [WireKind.AnthropicMessages] = new MessagesFixtures(),
        [WireKind.OpenAiResponses] = new ResponsesFixtures(),
        [WireKind.Gemini] = new GeminiFixtures(),
        [WireKind.Ollama] = new OllamaFixtures(),
        [WireKind.WorkersAi] = new WorkersAiFixtures(),
        [WireKind.BedrockConverse] = new BedrockFixtures(),
        [WireKind.OpenAiEmbeddings] = new EmbeddingsFixtures(),
    };

    public static TheoryData<WireKind, Trouble> Cells()
    {
        var cells = new TheoryData<WireKind, Trouble>();
        foreach (var (wire, fixtures) in Grid)
        {
            foreach (var (trouble, fixture) in fixtures.All)
            {
                if (fixture.Lacks is null)
                {
                    cells.Add(wire, trouble);
                }
            }
        }

        return cells;
    }

    [Fact]
    public void Grid_HasEveryCell()
    {
        var missing = Enum.GetValues<WireKind>()
            .SelectMany(wire => Enum.GetValues<Trouble>().Select(trouble => (Wire: wire, Trouble: trouble)))
            .Where(cell => !Grid.TryGetValue(cell.Wire, out var fixtures) || !fixtures.All.ContainsKey(cell.Trouble));

        missing.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Trouble_IsReadAsWritten(WireKind wire, Trouble trouble)
    {
        var fixtures = Grid[wire];
        var fixture = fixtures.All[trouble];

        (await Reading.OfAsync(fixtures.Preset, fixture, fixture.Body.Length)).ShouldBe(fixture.Expected);
        (await Reading.OfAsync(fixtures.Preset, fixture, 1)).ShouldBe(fixture.Expected);
    }
}
