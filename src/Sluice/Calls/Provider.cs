using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Calls;

/// <summary>A vendor endpoint with its credentials, compiled from configuration.</summary>
internal sealed record Provider
{
    /// <summary>The name under <c>providers</c> in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Which of them it is, as the configuration lists them.</summary>
    public int Place { get; init; }

    public required Dialect Dialect { get; init; }

    /// <summary>Where requests are sent, for each model and kind of answer.</summary>
    public required ProviderAddress Address { get; init; }

    /// <summary>The address that a signature is made for, where requests take another way to it.</summary>
    public ProviderAddress? SignedAddress { get; init; }

    /// <summary>Headers that every request carries on its way, such as those of a gateway between.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A pool: each credential has its own limits and health. A provider without authentication has one with an empty secret.</summary>
    public required ImmutableArray<Credential> Credentials { get; init; }

    /// <summary>What is missing before it can be used, with the cure; <see langword="null"/> when it is ready.</summary>
    public string? Missing { get; init; }

    /// <summary>Runs on the user's own machine: free of charge, any model.</summary>
    public bool Local { get; init; }

    /// <summary>What passes to it unread.</summary>
    public PassRules PassThrough { get; init; } = PassRules.Open;

    /// <summary>The credential by which another provider is the same vendor's same account, as this one is by its own.</summary>
    /// <param name="credential">The id of one of this provider's.</param>
    public Credential? SameAccount(string credential, Provider other)
    {
        var own = Credentials.FirstOrDefault(c => c.Id == credential);
        return own is { Login: null } && other.Address.Base == Address.Base
            ? other.Credentials.FirstOrDefault(c => c.Login is null && c.Secret == own.Secret)
            : null;
    }

    public override string ToString() => Name;
}

/// <summary>One key of a provider's pool.</summary>
/// <param name="Id">A stable name that is safe to show, such as <c>groq#2</c>.</param>
/// <param name="Secret">The key itself; never logged or returned. Empty for a provider without authentication.</param>
internal sealed record Credential(string Id, string Secret)
{
    /// <summary>What stands in for the secret, where there is none.</summary>
    public Login? Login { get; init; }

    public override string ToString() => Id;
}
