using System.Security.Cryptography;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Calls.Google;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

public sealed class GoogleLoginTests : IDisposable
{
    private static readonly string Pem = RSA.Create(2048).ExportPkcs8PrivateKeyPem();

    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = [];

    public GoogleLoginTests() => _environment["HOME"] = _directory.Path;

    [Fact]
    public void Nothing_SaysWhatIsMissing() =>
        Provider("{}")
            .Missing.ShouldBe(
                "provider 'vertex' has no key: set GOOGLE_OAUTH_ACCESS_TOKEN, or \"apiKey\" in the configuration, or credentials as Google's own tools take them: GOOGLE_APPLICATION_CREDENTIALS, or `gcloud auth application-default login`"
            );

    [Fact]
    public void Order_IsKeyThenConfigurationThenTokenThenVariableThenGcloud()
    {
        var gcloud = Write(".config/gcloud/application_default_credentials.json", User());
        Login("{}").ShouldBe(new GoogleFileLogin(gcloud, "gcloud", "user of gcloud") { QuotaProject = "quota" });
        _environment["CLOUDSDK_CONFIG"] = _directory.File("sdk");
        Provider("{}").Missing.ShouldNotBeNull();
        var moved = Write("sdk/application_default_credentials.json", User());
        Login("{}").ShouldBeOfType<GoogleFileLogin>().File.ShouldBe(moved);
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = Write("named.json", Account());
        Login("{}")
            .Source.ShouldBe($"service account gate@acme.example in {_directory.File("named.json")} (GOOGLE_APPLICATION_CREDENTIALS)");
        _environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = "token";
        Provider("{}").Credentials.Single().ShouldBe(new Credential("vertex", "token"));
        Write("own.json", Account());
        Login("""{ "credentials": "own.json" }""").Source.ShouldContain($"{_directory.File("own.json")} (credentials)");
        Login("""{ "credentials": "file:own.json" }""").Source.ShouldContain($"{_directory.File("own.json")} (credentials)");
        _environment["OWN"] = _directory.File("own.json");
        Login("""{ "credentials": "env:OWN" }""").Source.ShouldContain($"{_directory.File("own.json")} (credentials)");
        _environment["MINE"] = "configured";
        Provider("""{ "credentials": "own.json", "apiKey": "env:MINE" }""").Credentials.Single().Secret.ShouldBe("configured");
    }

    [Theory]
    [InlineData(null, "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token")]
    [InlineData("127.0.0.1:81", "http://127.0.0.1:81/computeMetadata/v1/instance/service-accounts/default/token")]
    [ChangesBehaviour("provider.credentials")]
    public void MetadataServer_IsUsedWhereItIsNamed(string? host, string address)
    {
        if (host is not null)
        {
            _environment["GCE_METADATA_HOST"] = host;
        }

        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = _directory.File("none.json");
        Login("""{ "credentials": "metadata", "project": "p" }""").ShouldBe(new GoogleMetadataLogin(new Uri(address)));
    }

    [Fact]
    public void MetadataServer_ThatIsNoHost_IsReported()
    {
        _environment["GCE_METADATA_HOST"] = "example.com/path?";
        ErrorOf("""{ "credentials": "metadata", "project": "p" }""")
            .ShouldBe(
                "providers.vertex: GCE_METADATA_HOST is 'example.com/path?', which is no host; correct GCE_METADATA_HOST, or remove it"
            );
    }

    [Fact]
    [ChangesBehaviour("provider.project")]
    public void Project_ComesFromConfigurationEnvironmentOrTheKey()
    {
        Write("a.json", Account());
        Write("u.json", User());
        ProjectOf("""{ "credentials": "a.json" }""").ShouldBe("acme");
        ProjectOf("""{ "credentials": "u.json" }""").ShouldBe("quota");
        _environment["GOOGLE_CLOUD_PROJECT"] = "of-environment";
        ProjectOf("""{ "credentials": "a.json" }""").ShouldBe("of-environment");
        ProjectOf("""{ "credentials": "a.json", "project": "own" }""").ShouldBe("own");
    }

    [Theory]
    [InlineData("not json", "it is not JSON")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("""{"type":"service_account","private_key":"x"}""", "it has no 'client_email'")]
    [InlineData(
        """{"type":"service_account","client_email":"a","private_key":"secret-and-no-key"}""",
        "its 'private_key' is not an RSA key in PEM"
    )]
    [InlineData("""{"type":"authorized_user","client_id":"a","client_secret":"b"}""", "it has no 'refresh_token'")]
    [InlineData(
        """{"type":"authorized_user","token_uri":"http://example.com/token"}""",
        "its 'token_uri' is 'http://example.com/token', and a key is sent to https only"
    )]
    public void KeyFile_ThatCannotBeUsed_IsReported(string text, string problem)
    {
        var file = Write("bad.json", text);

        ErrorOf("""{ "credentials": "bad.json" }""")
            .ShouldBe(
                $"providers.vertex.credentials: '{file}' cannot be used: {problem}; download a new key from Google Cloud, or run `gcloud auth application-default login`"
            );
    }

    [Fact]
    public void KeyFile_OfAnotherType_SaysWhatIsSupported()
    {
        var file = Write("federated.json", """{"type":"external_account"}""");
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = file;

        ErrorOf("{}")
            .ShouldBe(
                $"providers.vertex: GOOGLE_APPLICATION_CREDENTIALS names '{file}', which cannot be used: its 'type' is 'external_account'; supported are service_account and authorized_user, and \"metadata\" on Google's own machines"
            );
    }

    [Fact]
    public void KeyFile_ThatIsNowhere_IsReported()
    {
        ErrorOf("""{ "credentials": "no.json" }""")
            .ShouldBe(
                $"providers.vertex.credentials: '{_directory.File("no.json")}' cannot be used: it cannot be read; check the path and its permissions"
            );
        ErrorOf("""{ "credentials": "env:NOWHERE" }""")
            .ShouldBe(
                "providers.vertex.credentials: the environment variable NOWHERE is not set; set it, or write \"env:NOWHERE:-default\""
            );
    }

    [Fact]
    public void ContentInPlaceOfAPath_IsReportedAndNotRepeated()
    {
        _environment["CONTENT"] = Account();

        ErrorOf("""{ "credentials": "env:CONTENT" }""")
            .ShouldBe(
                "providers.vertex.credentials: '…' cannot be used: that is the content of a key file and not its path; write it to a file and give its path"
            );
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = Account();
        ErrorOf("{}").ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public void GcloudsFile_ThatCannotBeUsed_IsNoMistake()
    {
        var file = Write(".config/gcloud/application_default_credentials.json", """{"type":"impersonated_service_account"}""");

        Provider("""{ "project": "p" }""")
            .Missing!.ShouldEndWith($"or a key file of Google's: '{file}' cannot be used, its 'type' is 'impersonated_service_account'");
        _environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = "token";
        Provider("""{ "project": "p" }""").Missing.ShouldBeNull();
    }

    [Fact]
    public void WithoutConfiguration_TheVariableAndAProjectAreEnough()
    {
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = Write("named.json", Account());
        StarterConfiguration.FromEnvironment(_environment.GetValueOrDefault, ollama: false).ShouldBeNull();
        _environment["GOOGLE_CLOUD_PROJECT"] = "p";

        var text = StarterConfiguration.FromEnvironment(_environment.GetValueOrDefault, ollama: false)!;

        var snapshot = new ConfigurationCompiler(_environment.GetValueOrDefault).CompileText(text, _directory.Path, 1);
        snapshot.Providers["vertex"].Missing.ShouldBeNull();
        snapshot.Providers["vertex"].Credentials.Single().Login.ShouldBeOfType<GoogleFileLogin>();
        snapshot.Routes["default"].Targets.ShouldContain(t => t.Provider.Name == "vertex");
    }

    private static string Account() =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["client_email"] = "gate@acme.example",
                ["private_key"] = Pem,
                ["project_id"] = "acme",
            }
        );

    private static string User() =>
        """{"type":"authorized_user","client_id":"a","client_secret":"b","refresh_token":"c","quota_project_id":"quota"}""";

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory.File(name))!);
        File.WriteAllText(_directory.File(name), text);
        return _directory.File(name);
    }

    private string ProjectOf(string section) => Provider(section).Address.ToString().Split("/")[5];

    private string ErrorOf(string section) =>
        Should.Throw<ConfigurationException>(() => Provider(section)).Errors.Select(e => e.ToString()).ShouldHaveSingleItem();

    private Login Login(string section) => Provider(section).Credentials.Single().Login.ShouldNotBeNull();

    private Provider Provider(string section) =>
        new ConfigurationCompiler(_environment.GetValueOrDefault)
            .CompileText(
                $$"""{ "providers": { "vertex": {{section}} }, "routes": { "a": { "targets": ["vertex/gemini-2.5-pro"] } } }""",
                _directory.Path,
                1
            )
            .Providers["vertex"];

    public void Dispose() => _directory.Dispose();
}
