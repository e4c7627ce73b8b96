using System.Collections.Immutable;
using System.Net;

namespace Sluice.Calls.Google;

/// <summary>Where the tokens come from that Google is shown.</summary>
internal abstract record GoogleLogin : Login
{
    /// <summary>The project that quota is taken from, where it is not the one that is asked.</summary>
    public string? QuotaProject { get; init; }
}

/// <summary>A file with a key, read anew for each token because it may be replaced.</summary>
/// <param name="File">Where it is.</param>
/// <param name="NamedBy">What led to it, such as <c>GOOGLE_APPLICATION_CREDENTIALS</c>.</param>
/// <param name="Account">Whose key it was when it was found.</param>
internal sealed record GoogleFileLogin(string File, string NamedBy, string Account) : GoogleLogin
{
    public override string Source => $"{Account} in {File} ({NamedBy})";
}

/// <summary>The server that hands out tokens to Google's own machines.</summary>
/// <param name="Address">Where a token is asked for.</param>
internal sealed record GoogleMetadataLogin(Uri Address) : GoogleLogin
{
    /// <summary>The server's usual host.</summary>
    public const string Host = "metadata.google.internal";

    /// <summary>Where that is; it is link-local.</summary>
    public static readonly ImmutableArray<IPAddress> Known = [new([169, 254, 169, 254])];

    public override string Source => $"the metadata server {Address.Authority}";
}
