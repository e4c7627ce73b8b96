using System.Net;
using Sluice.Calls;
using Sluice.Calls.Aws;

namespace Sluice.Configuration;

/// <summary>Finds the keys that sign requests to Amazon, in the order in which Amazon's own tools look for them.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html.</remarks>
internal sealed class AwsLoginCompiler(Section section, ReadContext context) : ILoginCompiler
{
    private readonly AwsProfile _profile = ProfileOf(section, context);

    public bool IsGiven => section.Has("accessKeyId") || section.Has("secretAccessKey") || section.Has("profile");

    public string Otherwise => ", or an access key as Amazon's own tools take it";

    public string? Variable(string name) => name == "region" ? Region() : null;

    private string? Region() =>
        Settings(_profile.ConfigFile).GetValueOrDefault("region") ?? Settings(_profile.CredentialsFile).GetValueOrDefault("region");

    public Login? Compile(AddressVariables variables)
    {
        var region = variables.Of("region")!;
        if (section.Has("accessKeyId") || section.Has("secretAccessKey"))
        {
            return new AwsLogin { Region = region, Keys = Given() };
        }

        if (!section.Has("profile") && OfEnvironment() is { } keys)
        {
            return new AwsLogin { Region = region, Keys = keys };
        }

        var profile = File.Exists(_profile.CredentialsFile) || File.Exists(_profile.ConfigFile) ? _profile : null;
        var container = section.Has("profile") ? null : Container();
        if (
            section.Has("profile") && (profile is null || Settings(profile.CredentialsFile).Count + Settings(profile.ConfigFile).Count == 0)
        )
        {
            section.Error(
                "profile",
                $"no profile '{_profile.Name}' stands in {_profile.CredentialsFile} or {_profile.ConfigFile}",
                "write the name of one that does"
            );
        }

        return profile is null && container is null
            ? null
            : new AwsLogin
            {
                Region = region,
                Profile = profile,
                Container = container,
            };
    }

    private AwsKeys? Given()
    {
        var (id, secret) = (section.Secret("accessKeyId"), section.Secret("secretAccessKey"));
        if (!section.Has("accessKeyId") || !section.Has("secretAccessKey"))
        {
            var absent = section.Has("accessKeyId") ? "secretAccessKey" : "accessKeyId";
            section.Error(absent, "an access key has two parts and this one is not given", "write both accessKeyId and secretAccessKey");
        }

        return new AwsKeys(id ?? "", secret ?? "", section.Secret("sessionToken"));
    }

    private AwsKeys? OfEnvironment() =>
        Set("AWS_ACCESS_KEY_ID") is { } id && Set("AWS_SECRET_ACCESS_KEY") is { } secret
            ? new AwsKeys(id, secret, Set("AWS_SESSION_TOKEN"))
            : null;

    private static AwsProfile ProfileOf(Section section, ReadContext context)
    {
        string? Set(params string[] names) => context.FirstSet(names);
        var home = Path.Combine(Set("HOME", "USERPROFILE") ?? "", ".aws");
        return new AwsProfile(
            section.Reference("profile") ?? Set("AWS_PROFILE") ?? "default",
            Set("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(home, "credentials"),
            Set("AWS_CONFIG_FILE") ?? Path.Combine(home, "config")
        );
    }

    private IReadOnlyDictionary<string, string> Settings(string file)
    {
        try
        {
            return File.Exists(file) ? ProfileFile.Read(File.ReadAllText(file), _profile.Name) : new Dictionary<string, string>();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, string>();
        }
    }

    private AwsContainer? Container()
    {
        var address = Set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } relative
            ? $"http://169.254.170.2{relative}"
            : Set("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (address is null)
        {
            return null;
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && IsNear(uri))))
        {
            return new AwsContainer(uri, Set("AWS_CONTAINER_AUTHORIZATION_TOKEN"), Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
        }

        section.Error(
            "",
            $"the environment names '{address}' as the endpoint for keys, which is neither https nor an address beside this container",
            "correct AWS_CONTAINER_CREDENTIALS_FULL_URI"
        );
        return null;
    }

    /// <summary>Keys travel in the clear over http: only to this machine, or to the endpoints that Amazon has for it.</summary>
    private static bool IsNear(Uri uri) =>
        uri.IsLoopback || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var host) && AwsContainer.Known.Contains(host));

    private string? Set(string name) => context.FirstSet([name]);
}
