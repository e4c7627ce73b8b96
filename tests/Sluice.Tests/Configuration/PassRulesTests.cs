using Sluice.Calls;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class PassRulesTests
{
    [Fact]
    [ChangesBehaviour("provider.passThrough", "passThrough.price", "passThrough.shared")]
    public void Rules_AreReadBelowTheAddress()
    {
        var rules = Compile("""{ "POST v1/files": { "price": "0.04" }, "files/*": { "price": 0, "shared": true }, "*": {} }""");

        rules.Allowed.ShouldBeTrue();
        rules.Find("POST", ["files"])!.Price.ShouldBe(0.04m);
        rules.Find("GET", ["files", "x"])!.Shared.ShouldBeTrue();
        rules.Find("GET", ["files"])!.Price.ShouldBeNull();
    }

    [Fact]
    public void False_LetsNothingPass() => Compile("false").Allowed.ShouldBeFalse();

    [Theory]
    [InlineData("""{ "get files": {} }""", "providers.openai.passThrough.get files: 'get files' is not a path")]
    [InlineData("""{ "a//b": {} }""", "providers.openai.passThrough.a//b: 'a//b' is not a path")]
    [InlineData("""{ "*": { "price": "-1" } }""", "providers.openai.passThrough.*.price: \"-1\" is not an amount of dollars")]
    [InlineData("""{ "*": { "prize": "1" } }""", "unknown member 'prize'; did you mean 'price'?")]
    [InlineData("true", "providers.openai.passThrough: not an object")]
    public void Wrong_IsToldWithItsPlace(string rules, string message) =>
        Should.Throw<ConfigurationException>(() => Compile(rules)).Message.ShouldContain(message);

    private static PassRules Compile(string rules) =>
        new ConfigurationCompiler(_ => "a-key")
            .CompileText(
                $$"""
                {
                  "providers": { "openai": { "apiKey": "env:KEY", "passThrough": {{rules}} } },
                  "routes": { "chat": { "targets": ["openai/gpt-4o-mini"] } }
                }
                """,
                ".",
                1
            )
            .Providers["openai"]
            .PassThrough;
}
