using System.Collections.Immutable;
using System.Net;

namespace Sluice.Calls.Aws;

/// <summary>Where the keys come from that sign requests to Amazon, and for which region they sign.</summary>
internal sealed record AwsLogin : Login
{
    public required string Region { get; init; }

    /// <summary>Keys that were given outright; then nothing else is looked at.</summary>
    public AwsKeys? Keys { get; init; }

    /// <summary>Files with profiles, of which the first with keys counts.</summary>
    public AwsProfile? Profile { get; init; }

    /// <summary>An endpoint beside a container that hands out keys for a while.</summary>
    public AwsContainer? Container { get; init; }

    public override string Source =>
        Keys is not null ? "an access key" : string.Join(", then ", new[] { Profile?.ToString(), Container?.ToString() }.OfType<string>());
}

/// <summary>A profile in the files that Amazon's own tools share.</summary>
/// <param name="Name">The profile.</param>
/// <param name="CredentialsFile"><c>~/.aws/credentials</c>, where it stands as <c>[name]</c>.</param>
/// <param name="ConfigFile"><c>~/.aws/config</c>, where it stands as <c>[profile name]</c>.</param>
internal sealed record AwsProfile(string Name, string CredentialsFile, string ConfigFile)
{
    public override string ToString() => $"profile '{Name}' of {CredentialsFile} or {ConfigFile}";
}

/// <summary>The endpoint from which a container gets its keys.</summary>
/// <param name="Address">Where it is asked.</param>
/// <param name="Token">Proves who asks.</param>
/// <param name="TokenFile">A file with that proof, read anew each time because it changes.</param>
internal sealed record AwsContainer(Uri Address, string? Token, string? TokenFile)
{
    /// <summary>Where Amazon gives a container its keys: ECS, and EKS over either protocol. All of them are link-local.</summary>
    public static readonly ImmutableArray<IPAddress> Known =
    [
        new([169, 254, 170, 2]),
        new([169, 254, 170, 23]),
        IPAddress.Parse("fd00:ec2::23"),
    ];

    public override string ToString() => $"the container's endpoint {Address}";
}
