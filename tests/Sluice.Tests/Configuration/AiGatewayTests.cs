using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class AiGatewayTests
{
    [Theory]
    [InlineData("openai", "gpt-4o-mini", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/openai/v1/chat/completions")]
    [InlineData("anthropic", "claude-sonnet-4-6", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/anthropic/v1/messages")]
    [InlineData("groq", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/groq/chat/completions")]
    [InlineData("mistral", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/mistral/v1/chat/completions")]
    [InlineData("deepseek", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/deepseek/chat/completions")]
    [InlineData("xai", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/grok/v1/chat/completions")]
    [InlineData("perplexity", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/perplexity-ai/chat/completions")]
    [InlineData("gemini", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/google-ai-studio/v1beta/models/m:generateContent")]
    [InlineData("openai-responses", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/openai/v1/responses")]
    [InlineData("cerebras", "m", "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/cerebras/chat/completions")]
    [InlineData(
        "bedrock",
        "amazon.nova-lite-v1:0",
        "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/aws-bedrock/bedrock-runtime/us-east-1/model/amazon.nova-lite-v1%3A0/converse"
    )]
    [InlineData(
        "anthropic-vertex",
        "claude-opus-4-6",
        "https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/google-vertex-ai/v1/projects/p/locations/global/publishers/anthropic/models/claude-opus-4-6:rawPredict"
    )]
    [ChangesBehaviour("provider.gateway")]
    public void Gateway_StandsBeforeTheVendor(string preset, string model, string address) =>
        Compile(preset, """{ "accountId": "acct-123", "gateway": "gw-abc", "apiKey": "env:KEY", REST }""", "\"project\": \"p\"")
            .Address.Of(model, stream: false)
            .AbsoluteUri.ShouldBe(address);

    [Fact]
    public void EveryHostedVendorWithASegment_HasAnAddressWithoutHoles()
    {
        foreach (var dialect in CatalogData.Dialects().Values.Where(d => d.AiGateway is not null))
        {
            var extra = string.Join(", ", dialect.Variables.Keys.Where(v => v != "accountId").Select(v => $"\"{v}\": \"x\""));
            var address = Compile(dialect.Name, """{ "accountId": "a", "gateway": "g", "apiKey": "env:KEY", REST }""", extra).Address;

            address
                .Of("m", stream: true)
                .AbsoluteUri.ShouldStartWith("https://gateway.ai.cloudflare.com/v1/a/g/", Case.Sensitive, dialect.Name);
            address.Of("m", stream: true).AbsoluteUri.ShouldNotContain("%7B", Case.Sensitive, dialect.Name);
        }
    }

    [Theory]
    [InlineData(
        """{ "id": "g", "token": "env:KEY", "cacheTtl": "300s", "cacheKey": "my-key", "skipCache": true }""",
        "cf-aig-authorization: Bearer a-key|cf-aig-cache-ttl: 300|cf-aig-cache-key: my-key|cf-aig-skip-cache: true"
    )]
    [InlineData("""{ "id": "g", "skipCache": false }""", "cf-aig-skip-cache: false")]
    [InlineData("""{ "id": "g" }""", "")]
    [InlineData("\"g\"", "")]
    public void Gateway_IsToldWhatItShallDo(string gateway, string headers) =>
        string.Join(
                '|',
                Compile("openai", $$"""{ "accountId": "a", "apiKey": "env:KEY", "gateway": {{gateway}} }""")
                    .Headers.Select(h => $"{h.Key}: {h.Value}")
            )
            .ShouldBe(headers);

    [Fact]
    public void AddressOfItsOwn_WinsAndTellsTheGatewayNothing()
    {
        var provider = Compile(
            "openai",
            """{ "baseUrl": "http://127.0.0.1:1/v1", "accountId": "a", "apiKey": "env:KEY", "gateway": { "id": "g", "cacheTtl": "300s" } }"""
        );

        provider.Address.ToString().ShouldBe("http://127.0.0.1:1/v1/chat/completions");
        provider.Headers.ShouldBeEmpty();
    }

    [Fact]
    [ChangesBehaviour("gateway.accountId", "gateway.id")]
    public void AccountOfTheGateway_MayBeAnother() =>
        Compile("openai", """{ "accountId": "a", "apiKey": "env:KEY", "gateway": { "id": "g", "accountId": "b" } }""")
            .Address.ToString()
            .ShouldStartWith("https://gateway.ai.cloudflare.com/v1/b/g/");

    [Fact]
    [ChangesBehaviour("gateway.token")]
    public void GatewayThatKnowsWhoAsks_MayHaveTheVendorsKey()
    {
        var provider = Compile("openai", """{ "accountId": "a", "gateway": { "id": "g", "token": "env:KEY" } }""");

        (provider.Missing, provider.Credentials.Single().Secret).ShouldBe((null, ""));
        Compile("openai", """{ "accountId": "a", "gateway": "g" }""").Missing.ShouldNotBeNull();
    }

    [Fact]
    public void SignatureIsMadeForTheVendorsOwnAddress() =>
        Compile("bedrock", """{ "accountId": "a", "gateway": "g", "accessKeyId": "env:KEY", "secretAccessKey": "env:KEY" }""")
            .SignedAddress!.Of("m", stream: true)
            .AbsoluteUri.ShouldBe("https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream");

    [Theory]
    [InlineData(
        "openai",
        """{ "apiKey": "env:KEY", "accountId": "", "gateway": "g" }""",
        "providers.p.accountId: '' is no account id; write \"accountId\", or set CLOUDFLARE_ACCOUNT_ID"
    )]
    [InlineData(
        "openai",
        """{ "apiKey": "env:KEY", "gateway": { "id": "g", "accountId": " " } }""",
        "providers.p.gateway.accountId: ' ' is no account id; write \"accountId\", or set CLOUDFLARE_ACCOUNT_ID"
    )]
    [InlineData(
        "openai",
        """{ "apiKey": "env:KEY", "accountId": "a", "gateway": "" }""",
        "providers.p.gateway: '' is no gateway id; write the gateway's name as Cloudflare's dashboard shows it"
    )]
    [InlineData(
        "openai",
        """{ "apiKey": "env:KEY", "accountId": "a", "gateway": {} }""",
        "providers.p.gateway.id: '' is no gateway id; write the gateway's name as Cloudflare's dashboard shows it"
    )]
    [InlineData(
        "ollama",
        """{ "accountId": "a", "gateway": "g" }""",
        "providers.p.gateway: AI Gateway does not know 'ollama'; remove it, or give the address in \"baseUrl\""
    )]
    [InlineData(
        "openai",
        """{ "apiKey": "env:KEY", "accountId": "a", "gateway": { "id": "g", "token": "abc" } }""",
        "providers.p.gateway.token: a secret is written out; put it into the environment or a file and write \"env:NAME\" or \"file:PATH\""
    )]
    public void Mistake_IsReported(string preset, string section, string error) =>
        Should.Throw<ConfigurationException>(() => Compile(preset, section)).Errors.Select(e => e.ToString()).ShouldBe([error]);

    private static Provider Compile(string preset, string section, string rest = "")
    {
        var fields = section.Replace(", REST", rest.Length > 0 ? $", {rest}" : "", StringComparison.Ordinal);
        return new ConfigurationCompiler(name => name == "KEY" ? "a-key" : null)
            .CompileText(
                $$"""{ "providers": { "p": { "preset": "{{preset}}", {{fields[1..]}} }, "routes": { "a": { "targets": [{ "provider": "p", "model": "m", "unlisted": true, "price": { "input": 1, "output": 1 } }] } } }""",
                ".",
                1
            )
            .Providers["p"];
    }
}
