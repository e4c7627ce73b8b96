using Sluice.Catalog;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>Where Gemini is asked: at Google AI by key, at Vertex AI by region and project, by way of a gateway in between.</summary>
public sealed class GeminiAddressTests
{
    [Theory]
    [InlineData(
        """{ "region": "europe-west4", "project": "p1" }""",
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p1/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent"
    )]
    [InlineData(
        """{ "project": "p1" }""",
        "https://aiplatform.googleapis.com/v1/projects/p1/locations/global/publishers/google/models/gemini-2.5-pro:generateContent"
    )]
    [InlineData(
        """{ "region": "eu", "project": "p1" }""",
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p1/locations/eu/publishers/google/models/gemini-2.5-pro:generateContent"
    )]
    public void Vertex_IsAskedInItsRegion(string members, string expected)
    {
        var target = TargetOf("vertex", members);

        target.Provider.Missing.ShouldBeNull();
        target.Provider.Address.Of(target.Model, stream: false).ToString().ShouldBe(expected);
        target
            .Provider.Address.Of(target.Model, stream: true)
            .ToString()
            .ShouldBe(expected.Replace(":generateContent", ":streamGenerateContent?alt=sse", StringComparison.Ordinal));
        target
            .Provider.Address.CountTokens!.Of(target.Model, stream: false)
            .ToString()
            .ShouldBe(expected.Replace(":generateContent", ":countTokens", StringComparison.Ordinal));
        target.Provider.Dialect.Auth.ShouldBe(AuthScheme.Bearer);
    }

    [Fact]
    public void Vertex_HasTheCardsOfGemini() =>
        TargetOf("vertex", """{ "project": "p1" }""").Card.ShouldBeEquivalentTo(TargetOf("gemini", "{}").Card);

    [Fact]
    public void Vertex_WithoutAProject_SaysWhatIsMissing() =>
        TargetOf("vertex", "{}")
            .Provider.Missing.ShouldBe("provider 'vertex' has no project: set GOOGLE_CLOUD_PROJECT, or \"project\" in the configuration");

    [Theory]
    [InlineData("{}", "https://generativelanguage.googleapis.com")]
    [InlineData("""{ "baseUrl": "http://127.0.0.1:1/v1beta" }""", "http://127.0.0.1:1")]
    [InlineData("""{ "gateway": { "id": "gw", "accountId": "acct" } }""", "https://gateway.ai.cloudflare.com/v1/acct/gw/google-ai-studio")]
    public void GoogleAi_IsAskedByKey(string members, string expected)
    {
        var target = TargetOf("gemini", members);

        target
            .Provider.Address.Of("a/b", stream: true)
            .AbsoluteUri.ShouldBe($"{expected}/v1beta/models/a%2Fb:streamGenerateContent?alt=sse");
        target.Provider.Dialect.Auth.ShouldBe(AuthScheme.GoogApiKey);
    }

    private static Sluice.Calls.Target TargetOf(string provider, string members)
    {
        var text = $$"""
            { "providers": { "{{provider}}": {{members}} }, "routes": { "a": { "targets": ["{{provider}}/gemini-2.5-pro"] } } }
            """;
        var compiler = new ConfigurationCompiler(name => name is "GEMINI_API_KEY" or "GOOGLE_OAUTH_ACCESS_TOKEN" ? "a-key" : null);
        return compiler.CompileText(text, ".", 1).Routes["a"].Targets[0];
    }
}
