using Sluice.Boundary.Baselines;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Tests.Baselines;

public sealed class BaselineTests
{
    [Fact]
    public void Divide_LinesMoved_KnowsThemStill()
    {
        var (known, fresh) = Baseline.Of([Found("a.ts", 3)]).Divide([Found("a.ts", 9)]);
        known.Count.ShouldBe(1);
        fresh.ShouldBeEmpty();
    }

    [Fact]
    public void Divide_OneMoreOfTheSame_IsNew()
    {
        var (known, fresh) = Baseline.Of([Found("a.ts", 3)]).Divide([Found("a.ts", 3), Found("a.ts", 7)]);
        known.ShouldHaveSingleItem().Line.ShouldBe(3);
        fresh.ShouldHaveSingleItem().Line.ShouldBe(7);
    }

    [Fact]
    public void Divide_AnotherFile_IsNew()
    {
        var (_, fresh) = Baseline.Of([Found("a.ts", 3)]).Divide([Found("b.ts", 3)]);
        fresh.Count.ShouldBe(1);
    }

    [Fact]
    public void Of_SoftFindings_HoldsNone() => Baseline.Of([Found("a.ts", 1) with { Severity = Severity.Soft }]).Count.ShouldBe(0);

    [Fact]
    public void Write_ReadAgain_IsTheSame()
    {
        var baseline = Baseline.Of([Found("a.ts", 1), Found("a.ts", 2), Found("b \"ü\".ts", 1)]);
        using var stream = new MemoryStream();
        baseline.Write(stream);
        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        var read = Baseline.Read(text, "b.json");
        read.Count.ShouldBe(3);
        read.Divide([Found("b \"ü\".ts", 5), Found("a.ts", 8), Found("a.ts", 9)]).New.ShouldBeEmpty();
        text.ShouldContain("\"count\": 2");
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("{\"violations\":[{\"file\":\"a\",\"rule\":\"r\",\"kind\":\"k\"}]}", "violations[0].what: is missing")]
    [InlineData(
        "{\"violations\":[{\"file\":\"a\",\"rule\":\"r\",\"kind\":\"k\",\"what\":\"w\",\"count\":-1}]}",
        "must be a whole number above zero"
    )]
    public void Read_NotABaseline_SaysWhatIsWrong(string text, string message) =>
        Should.Throw<BoundaryException>(() => Baseline.Read(text, "b.json")).Message.ShouldContain(message);

    [Fact]
    public void Divide_AnyChange_LosesNothingAndNeverKnowsMoreThanRecorded()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var before = Some(random);
            var after = Some(random);
            var baseline = Baseline.Of(before);
            var (known, fresh) = baseline.Divide(after);
            (known.Count + fresh.Count).ShouldBe(after.Count);
            known.Count.ShouldBeLessThanOrEqualTo(baseline.Count);
            Baseline.Of(known).Divide(before).Known.Count.ShouldBe(known.Count);
        }
    }

    private static List<Finding> Some(Random random) =>
        [
            .. Enumerable
                .Range(0, random.Next(12))
                .Select(i => Found($"{(char)('a' + random.Next(3))}.ts", i, random.Next(2) == 0 ? "x" : "y")),
        ];

    private static Finding Found(string file, int line, string what = "openai") =>
        new(file, line, "openai", FindingKind.Import, what, FileContext.Source, Severity.Hard, "a route");
}
