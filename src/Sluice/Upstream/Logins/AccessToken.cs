namespace Sluice.Upstream.Logins;

/// <summary>A token that is sent as <c>Authorization: Bearer</c> until it expires.</summary>
/// <param name="Value">The token itself; never logged or returned.</param>
internal sealed record AccessToken(string Value)
{
    public override string ToString() => "access token";
}
