using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

public sealed class AwsLoginTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = [];

    public AwsLoginTests()
    {
        _environment["HOME"] = _directory.Path;
        Directory.CreateDirectory(_directory.File(".aws"));
    }

    [Fact]
    public void Nothing_SaysWhatIsMissing() =>
        Provider("{}")
            .Missing.ShouldBe(
                "provider 'bedrock' has no key: set AWS_BEARER_TOKEN_BEDROCK, or \"apiKey\" in the configuration, or an access key as Amazon's own tools take it"
            );

    [Fact]
    [ChangesBehaviour("provider.accessKeyId", "provider.secretAccessKey", "provider.profile")]
    public void Order_IsConfigurationThenKeyForBedrockThenEnvironmentThenProfileThenContainer()
    {
        _environment["MINE"] = "configured";
        _environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
        Login("{}").Container!.Address.ToString().ShouldBe("http://169.254.170.2/v2/credentials/x");
        WriteProfile("credentials", "[default]\naws_access_key_id=a\naws_secret_access_key=b\n");
        Login("{}").Profile!.Name.ShouldBe("default");
        Login("{}").Container.ShouldNotBeNull();
        _environment["AWS_ACCESS_KEY_ID"] = "env-id";
        _environment["AWS_SECRET_ACCESS_KEY"] = "env-secret";
        Login("{}").Keys.ShouldBe(new AwsKeys("env-id", "env-secret", null));
        _environment["AWS_SESSION_TOKEN"] = "env-token";
        Login("{}").Keys.ShouldBe(new AwsKeys("env-id", "env-secret", "env-token"));
        _environment["AWS_BEARER_TOKEN_BEDROCK"] = "bearer";
        Provider("{}").Credentials.Single().Secret.ShouldBe("bearer");
        Login("""{ "accessKeyId": "env:MINE", "secretAccessKey": "env:MINE" }""")
            .Keys.ShouldBe(new AwsKeys("configured", "configured", null));
        Login("""{ "profile": "default" }""").Keys.ShouldBeNull();
        Provider("""{ "apiKey": "env:MINE" }""").Credentials.Single().Secret.ShouldBe("configured");
    }

    [Fact]
    [ChangesBehaviour("provider.region")]
    public void Region_ComesFromConfigurationEnvironmentProfileOrDefault()
    {
        _environment["AWS_BEARER_TOKEN_BEDROCK"] = "bearer";
        AddressOf("{}").ShouldStartWith("https://bedrock-runtime.us-east-1.amazonaws.com/");
        WriteProfile("config", "[default]\nregion = eu-central-1\n\n[profile work]\nregion=eu-west-1\n");
        AddressOf("{}").ShouldStartWith("https://bedrock-runtime.eu-central-1.amazonaws.com/");
        _environment["AWS_PROFILE"] = "work";
        AddressOf("{}").ShouldStartWith("https://bedrock-runtime.eu-west-1.amazonaws.com/");
        _environment["AWS_REGION"] = "us-west-2";
        AddressOf("{}").ShouldStartWith("https://bedrock-runtime.us-west-2.amazonaws.com/");
        AddressOf("""{ "region": "ap-northeast-1" }""").ShouldStartWith("https://bedrock-runtime.ap-northeast-1.amazonaws.com/");
    }

    [Fact]
    public void Address_NamesModelAndKindOfAnswer()
    {
        _environment["AWS_BEARER_TOKEN_BEDROCK"] = "bearer";
        var address = Provider("{}").Address;

        address
            .Of("us.amazon.nova-lite-v1:0", stream: false)
            .AbsoluteUri.ShouldBe("https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1%3A0/converse");
        address
            .Of("arn:aws:bedrock:us-east-1:1:inference-profile/x", stream: true)
            .AbsoluteUri.ShouldBe(
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse-stream"
            );
    }

    [Theory]
    [InlineData(
        """{ "accessKeyId": "env:HOME" }""",
        "providers.bedrock.secretAccessKey: an access key has two parts and this one is not given; write both accessKeyId and secretAccessKey"
    )]
    [InlineData(
        """{ "accessKeyId": "AKIA", "secretAccessKey": "env:HOME" }""",
        "providers.bedrock.accessKeyId: a secret is written out; put it into the environment or a file and write \"env:NAME\" or \"file:PATH\""
    )]
    public void Mistake_IsReported(string section, string error) =>
        Should.Throw<ConfigurationException>(() => Provider(section)).Errors.Select(e => e.ToString()).ShouldContain(error);

    [Fact]
    public void ProfileThatIsNowhere_IsReported() =>
        Should
            .Throw<ConfigurationException>(() => Provider("""{ "profile": "wrk" }"""))
            .Errors.Single()
            .ToString()
            .ShouldStartWith("providers.bedrock.profile: no profile 'wrk' stands in ");

    [Theory]
    [InlineData("http://169.254.170.23/v1/credentials", true)]
    [InlineData("http://[fd00:ec2::23]/v1/credentials", true)]
    [InlineData("http://127.0.0.1:9/x", true)]
    [InlineData("https://keys.example/x", true)]
    [InlineData("http://169.254.169.254/latest", false)]
    [InlineData("http://keys.example/x", false)]
    public void ContainerAddress_IsNearOrSafe(string address, bool allowed)
    {
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = address;
        _environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
        if (allowed)
        {
            Login("{}").Container.ShouldBe(new AwsContainer(new Uri(address), null, "/token"));
        }
        else
        {
            Should.Throw<ConfigurationException>(() => Provider("{}")).Message.ShouldContain("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        }
    }

    private void WriteProfile(string file, string text) => File.WriteAllText(_directory.File($".aws/{file}"), text);

    private string AddressOf(string section) => Provider(section).Address.ToString();

    private AwsLogin Login(string section) => Provider(section).Credentials.Single().Login.ShouldBeOfType<AwsLogin>();

    private Provider Provider(string section) =>
        new ConfigurationCompiler(_environment.GetValueOrDefault)
            .CompileText(
                $$"""{ "providers": { "bedrock": {{section}} }, "routes": { "a": { "targets": ["bedrock/us.amazon.nova-lite-v1:0"] } } }""",
                ".",
                1
            )
            .Providers["bedrock"];

    public void Dispose() => _directory.Dispose();
}
