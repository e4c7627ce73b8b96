using Sluice.Calls;
using Sluice.Calls.Entra;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class EntraLoginTests
{
    private readonly Dictionary<string, string> _environment = new() { ["AZURE_OPENAI_RESOURCE"] = "acme", ["SECRET"] = "configured" };

    [Fact]
    public void Nothing_SaysWhatIsMissing() =>
        Provider("{}")
            .Missing.ShouldBe(
                "provider 'azure' has no key: set AZURE_OPENAI_API_KEY, or \"apiKey\" in the configuration, or a client of Entra ID: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET"
            );

    [Fact]
    [ChangesBehaviour("provider.tenantId", "provider.clientId", "provider.clientSecret")]
    public void Order_IsKeyThenConfigurationThenKeyInTheEnvironmentThenClient()
    {
        SetClient();
        Login("{}").ShouldBe(ClientOf("t-env", "c-env", "s-env"));
        _environment["AZURE_OPENAI_API_KEY"] = "key";
        Provider("{}").Credentials.Single().ShouldBe(new Credential("azure", "key"));
        Login("""{ "tenantId": "own.example", "clientId": "own", "clientSecret": "env:SECRET" }""")
            .ShouldBe(ClientOf("own.example", "own", "configured"));
        Login("""{ "clientId": "own" }""").ShouldBe(ClientOf("t-env", "own", "s-env"));
        Provider("""{ "clientId": "own", "apiKey": "env:SECRET" }""").Credentials.Single().Secret.ShouldBe("configured");
        Provider("""{ "apiKey": "env:SECRET", "auth": "bearer" }""").Credentials.Single().ShouldBe(new Credential("azure", "configured"));
    }

    [Theory]
    [InlineData("azure-v1")]
    [InlineData("azure-responses")]
    public void EveryRowOfAzure_TakesAClient(string preset)
    {
        SetClient();

        Login($$"""{ "preset": "{{preset}}" }""").ShouldBe(ClientOf("t-env", "c-env", "s-env"));
    }

    [Fact]
    public void PartOfAClient_InTheEnvironmentIsNone()
    {
        SetClient();
        _environment.Remove("AZURE_CLIENT_SECRET");

        Provider("{}").Missing.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(
        """{ "tenantId": "t", "clientId": "c" }""",
        "providers.azure.clientSecret: a login has three parts and this one is not given; write it, or set AZURE_CLIENT_SECRET"
    )]
    [InlineData(
        """{ "tenantId": "t/../other", "clientId": "c", "clientSecret": "env:SECRET" }""",
        "providers.azure.tenantId: 't/../other' is no tenant; write its id or its domain, such as contoso.onmicrosoft.com"
    )]
    [InlineData(
        """{ "tenantId": "t", "clientId": "c", "clientSecret": "written out" }""",
        "providers.azure.clientSecret: a secret is written out; put it into the environment or a file and write \"env:NAME\" or \"file:PATH\""
    )]
    public void Mistake_IsReported(string section, string error) => ErrorOf(section).ShouldBe(error);

    [Fact]
    public void Authority_IsAzuresOwnOrAnotherThatIsSafe()
    {
        SetClient();
        _environment["AZURE_AUTHORITY_HOST"] = "https://login.microsoftonline.us/";
        ((EntraLogin)Login("{}")).TokenEndpoint.AbsoluteUri.ShouldBe("https://login.microsoftonline.us/t-env/oauth2/v2.0/token");
        _environment["AZURE_AUTHORITY_HOST"] = "http://login.example";
        ErrorOf("{}")
            .ShouldBe(
                "providers.azure: AZURE_AUTHORITY_HOST is 'http://login.example', and a secret is sent to https only; correct AZURE_AUTHORITY_HOST, or remove it"
            );
    }

    [Fact]
    public void WithoutConfiguration_ClientAndResourceAreEnough()
    {
        SetClient();

        var text = StarterConfiguration.FromEnvironment(_environment.GetValueOrDefault, ollama: false)!;

        new ConfigurationCompiler(_environment.GetValueOrDefault)
            .CompileText(text, "/", 1)
            .Providers["azure"]
            .Credentials.Single()
            .Login.ShouldBeOfType<EntraLogin>();
    }

    private void SetClient()
    {
        _environment["AZURE_TENANT_ID"] = "t-env";
        _environment["AZURE_CLIENT_ID"] = "c-env";
        _environment["AZURE_CLIENT_SECRET"] = "s-env";
    }

    private static EntraLogin ClientOf(string tenant, string client, string secret) =>
        new()
        {
            Tenant = tenant,
            ClientId = client,
            ClientSecret = secret,
            TokenEndpoint = new Uri($"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
        };

    private string ErrorOf(string section) =>
        Should.Throw<ConfigurationException>(() => Provider(section)).Errors.Select(e => e.ToString()).ShouldHaveSingleItem();

    private Login Login(string section) => Provider(section).Credentials.Single().Login.ShouldNotBeNull();

    private Provider Provider(string section) =>
        new ConfigurationCompiler(_environment.GetValueOrDefault)
            .CompileText(
                $$"""{ "providers": { "azure": {{section}} }, "routes": { "a": { "targets": [{ "provider": "azure", "model": "m", "unlisted": true, "price": { "input": 1, "output": 1 } }] } } }""",
                ".",
                1
            )
            .Providers["azure"];
}
