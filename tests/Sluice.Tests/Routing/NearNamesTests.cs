using Sluice.Routing;

namespace Sluice.Tests.Routing;

public sealed class NearNamesTests
{
    private static readonly string[] Names = ["claude", "claude_opus", "gpt", "architect", "auditor"];

    [Theory]
    [InlineData("cluade", "claude")]
    [InlineData("Claude", "claude,claude_opus")]
    [InlineData("opus", "claude_opus")]
    [InlineData("architekt", "architect")]
    [InlineData("weather_report", "")]
    public void Of_FindsWhatWasMeant(string name, string expected) => string.Join(',', NearNames.Of(name, Names)).ShouldBe(expected);
}
