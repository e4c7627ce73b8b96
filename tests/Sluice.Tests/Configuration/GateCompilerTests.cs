using Sluice.Configuration;
using Sluice.Content;

namespace Sluice.Tests.Configuration;

public sealed class GateCompilerTests
{
    [Fact]
    public void Gates_AreReadInOrderWithTheirDefaults()
    {
        var gates = Compile(
            """
            { "name": "a", "deny": ["@email", "(?i)zeus"], "match": { "tenant": "t*" } },
            { "name": "b", "on": ["answer"], "parts": ["reasoning"], "maxOutput": "2KB", "window": 7, "onDeny": "next",
              "webhook": { "url": "https://hooks.example/ask", "token": "env:T", "timeout": "100ms", "onFailure": "open" } }
            """
        ).Gates;

        gates.Select(g => g.Name).ShouldBe(["a", "b"]);
        gates[0].Deny.Select(p => p.Name).ShouldBe(["email", "deny[1]"]);
        (gates[0].OnRequest, gates[0].OnAnswer, gates[0].Parts, gates[0].Window).ShouldBe((true, true, ContentParts.All, 128));
        (gates[1].OnRequest, gates[1].OnAnswer, gates[1].Parts, gates[1].Window).ShouldBe((false, true, ContentParts.Reasoning, 7));
        gates[1].MaxOutput.ShouldBe(2048);
        gates[1].DeniedGoesOn.ShouldBeTrue();
        gates[1].Webhook.ShouldBe(new ContentWebhook(new Uri("https://hooks.example/ask"), "secret", TimeSpan.FromMilliseconds(100), true));
    }

    [Theory]
    [InlineData("""{ "deny": ["x"] }""", "gates[0].name", "name")]
    [InlineData("""{ "name": "a" }""", "gates[0]", "does nothing")]
    [InlineData("""{ "name": "a", "deny": ["@emial"] }""", "gates[0].deny[0]", "did you mean '@email'?")]
    [InlineData("""{ "name": "a", "redact": ["ok", "(unclosed"] }""", "gates[0].redact[1]", "no regular expression")]
    [InlineData("""{ "name": "a", "deny": ["(?<!x)y"] }""", "gates[0].deny[0]", "looks around")]
    [InlineData("""{ "name": "a", "deny": ["(x)\\1"] }""", "gates[0].deny[0]", "refers back")]
    [InlineData("""{ "name": "a", "deny": ["x*"] }""", "gates[0].deny[0]", "matches nothing")]
    [InlineData("""{ "name": "a", "redact": ["x"], "replacement": "\"" }""", "gates[0].replacement", "plain words")]
    [InlineData("""{ "name": "a", "deny": ["x"], "parts": ["words"] }""", "gates[0].parts", "toolArguments")]
    [InlineData("""{ "name": "a", "deny": ["x"], "on": [] }""", "gates[0].on", "names nothing")]
    [InlineData("""{ "name": "a", "deny": ["x"] }, { "name": "a", "deny": ["x"] }""", "gates[1].name", "its own name")]
    [InlineData("""{ "name": "a", "webhook": { "url": "nowhere" } }""", "gates[0].webhook.url", "https://")]
    [InlineData("""{ "name": "a", "deny": ["x"], "window": 0 }""", "gates[0].window", "from 1")]
    public void BadGate_IsToldWithPathAndCure(string gates, string path, string words)
    {
        var error = Should.Throw<ConfigurationException>(() => Compile(gates)).Errors.First(e => e.Path == path);

        $"{error.Problem} {error.Cure}".ShouldContain(words);
    }

    private static Snapshot Compile(string gates) =>
        new ConfigurationCompiler(_ => "secret").CompileText(
            $$"""
            {
              "providers": { "oai": { "preset": "openai", "apiKey": "env:KEY" } },
              "routes": { "r": { "default": true, "targets": ["oai/gpt-4o-mini"] } },
              "gates": [{{gates}}]
            }
            """,
            "/",
            1
        );
}
