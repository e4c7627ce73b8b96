using System.Text.RegularExpressions;
using Sluice.Calls;
using Sluice.Calls.Entra;

namespace Sluice.Configuration;

/// <summary>Finds the client of Entra ID that logs in to Azure, as Azure's own tools take it.</summary>
/// <remarks>Source: https://learn.microsoft.com/en-us/dotnet/api/azure.identity.environmentcredential.</remarks>
internal sealed partial class EntraLoginCompiler(Section section, ReadContext context) : ILoginCompiler
{
    private const string AuthorityVariable = "AZURE_AUTHORITY_HOST";

    private static readonly (string Member, string Variable)[] Parts =
    [
        ("tenantId", "AZURE_TENANT_ID"),
        ("clientId", "AZURE_CLIENT_ID"),
        ("clientSecret", "AZURE_CLIENT_SECRET"),
    ];

    public bool IsGiven => Parts.Any(p => section.Has(p.Member));

    public string Otherwise => $", or a client of Entra ID: {string.Join(", ", Parts.Select(p => p.Variable))}";

    public string? Variable(string name) => null;

    public Login? Compile(AddressVariables variables)
    {
        var absent = Parts.Where(p => !section.Has(p.Member) && Set(p.Variable) is null).ToList();
        if (absent.Count > 0)
        {
            foreach (var (member, variable) in IsGiven ? absent : [])
            {
                section.Error(member, "a login has three parts and this one is not given", $"write it, or set {variable}");
            }

            return null;
        }

        var tenant = section.Has("tenantId") ? section.Reference("tenantId") : Set("AZURE_TENANT_ID");
        var client = section.Has("clientId") ? section.Reference("clientId") : Set("AZURE_CLIENT_ID");
        var secret = section.Has("clientSecret") ? section.Secret("clientSecret") : Set("AZURE_CLIENT_SECRET");
        if (tenant is null || client is null || secret is null || Authority() is not { } authority)
        {
            return null;
        }

        if (!Tenant().IsMatch(tenant))
        {
            section.Error("tenantId", $"'{tenant}' is no tenant", "write its id or its domain, such as contoso.onmicrosoft.com");
            return null;
        }

        return new EntraLogin
        {
            Tenant = tenant,
            ClientId = client,
            ClientSecret = secret,
            TokenEndpoint = new Uri(authority, $"/{tenant}/oauth2/v2.0/token"),
        };
    }

    private Uri? Authority()
    {
        var host = Set(AuthorityVariable) ?? "https://login.microsoftonline.com";
        if (SecretAddress.Parse(host) is { } address)
        {
            return address;
        }

        section.Error(
            "",
            $"{AuthorityVariable} is '{host}', and a secret is sent to https only",
            $"correct {AuthorityVariable}, or remove it"
        );
        return null;
    }

    private string? Set(string variable) => context.FirstSet([variable]);

    [GeneratedRegex(@"\A[A-Za-z0-9.-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Tenant();
}
