using Sluice.Boundary.Rules;

namespace Sluice.Build.Tests;

public sealed class ShippedDataTests
{
    [Fact]
    public void Rules_TravelWithTheTask_AndKnowPackages()
    {
        using var stream = typeof(RuleReader).Assembly.GetManifestResourceStream("data/boundary.jsonc")!;
        using var reader = new StreamReader(stream);
        var book = new RuleBook(RuleReader.ReadFile(reader.ReadToEnd(), "boundary.jsonc"));
        book.Package(Ecosystem.NuGet, "openai")!.Id.ShouldBe("openai");
        book.Package(Ecosystem.NuGet, "Microsoft.OpenApi").ShouldBeNull();
    }
}
