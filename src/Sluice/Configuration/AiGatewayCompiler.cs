using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Compiles <c>gateway</c>: requests go to their vendor by way of Cloudflare's AI Gateway.</summary>
/// <remarks>Source: https://developers.cloudflare.com/ai-gateway/configuration/.</remarks>
internal static class AiGatewayCompiler
{
    private const string Host = "https://gateway.ai.cloudflare.com/v1";

    private static readonly string[] AccountVariables = ["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"];

    /// <returns>The gateway; <see langword="null"/> where there is none, an address of one's own goes past it, or it is wrong.</returns>
    public static AiGateway? Compile(Section provider, Dialect dialect, AddressVariables variables, ReadContext context)
    {
        if (!provider.Has("gateway"))
        {
            return null;
        }

        var section = provider.IsObject("gateway") ? provider.Child("gateway", "gateway") : null;
        var id = section is null ? provider.Reference("gateway") : section.Reference("id");
        var account = section?.Reference("accountId") ?? provider.Reference("accountId") ?? context.FirstSet(AccountVariables);
        if (string.IsNullOrWhiteSpace(id))
        {
            Say(section, provider, "id", "gateway", id, "gateway id", "write the gateway's name as Cloudflare's dashboard shows it");
        }

        if (string.IsNullOrWhiteSpace(account))
        {
            Say(section, provider, "accountId", "accountId", account, "account id", $"write \"accountId\", or set {AccountVariables[0]}");
        }

        if (dialect.AiGateway is null)
        {
            provider.Error("gateway", $"AI Gateway does not know '{dialect.Name}'", "remove it, or give the address in \"baseUrl\"");
        }

        var headers = Headers(section);
        return string.IsNullOrWhiteSpace(id) || string.IsNullOrWhiteSpace(account) || dialect.AiGateway is null || provider.Has("baseUrl")
            ? null
            : new AiGateway(
                $"{Host}/{Uri.EscapeDataString(account)}/{Uri.EscapeDataString(id)}/{AddressCompiler.Fill(dialect.AiGateway, variables)}",
                headers
            );
    }

    private static void Say(Section? section, Section provider, string inside, string beside, string? value, string what, string cure) =>
        (section ?? provider).Error(section is null ? beside : inside, $"'{value}' is no {what}", cure);

    private static ImmutableArray<KeyValuePair<string, string>> Headers(Section? section)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(KeyValuePair.Create($"cf-aig-{name}", value));
            }
        }

        if (section is not null)
        {
            Add("authorization", section.Secret("token") is { } token ? $"Bearer {token}" : null);
            Add(
                "cache-ttl",
                section.Duration("cacheTtl") is { } ttl ? ((long)ttl.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null
            );
            Add("cache-key", section.Reference("cacheKey"));
            Add("skip-cache", section.Has("skipCache") ? (section.Flag("skipCache") ? "true" : "false") : null);
        }

        return headers.ToImmutable();
    }
}

/// <summary>A gateway on the way to a vendor.</summary>
/// <param name="BaseUrl">The vendor's address behind it.</param>
/// <param name="Headers">What it is told with every request.</param>
internal sealed record AiGateway(string BaseUrl, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>It knows who asks, and may have the vendor's key itself.</summary>
    public bool HasToken => Headers.Any(h => h.Key == "cf-aig-authorization");

    public override string ToString() => BaseUrl;
}
