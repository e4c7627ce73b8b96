namespace Sluice.Catalog;

/// <summary>Authentication schemes by the names that data files and configuration use.</summary>
internal static class AuthName
{
    private static readonly (AuthScheme Scheme, string Name)[] Names =
    [
        (AuthScheme.Bearer, "bearer"),
        (AuthScheme.XApiKey, "x-api-key"),
        (AuthScheme.ApiKey, "api-key"),
        (AuthScheme.GoogApiKey, "x-goog-api-key"),
        (AuthScheme.None, "none"),
    ];

    public static IEnumerable<string> All => Names.Select(n => n.Name);

    public static string Of(AuthScheme scheme) => Array.Find(Names, n => n.Scheme == scheme).Name;

    /// <summary>The scheme of this name, or <see langword="null"/>.</summary>
    public static AuthScheme? Parse(string name) =>
        Array.Find(Names, n => n.Name == name) is { Name: not null } found ? found.Scheme : null;
}
