namespace Sluice.Calls.Entra;

/// <summary>A client of Entra ID, which gets its tokens by its secret.</summary>
internal sealed record EntraLogin : Login
{
    /// <summary>The directory, by id or domain.</summary>
    public required string Tenant { get; init; }

    /// <summary>The application.</summary>
    public required string ClientId { get; init; }

    /// <summary>Sent to <see cref="TokenEndpoint"/> alone; never logged or returned.</summary>
    public required string ClientSecret { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public override string Source => $"client {ClientId} of the tenant {Tenant}";
}
