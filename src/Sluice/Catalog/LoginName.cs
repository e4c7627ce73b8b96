namespace Sluice.Catalog;

/// <summary>Logins by the names that data files use, with what tells that one is meant.</summary>
internal static class LoginName
{
    private static readonly (LoginKind Kind, string Name, IReadOnlyList<string> Variables)[] Names =
    [
        (LoginKind.None, "none", []),
        (LoginKind.Aws, "aws", []),
        (LoginKind.Google, "google", ["GOOGLE_APPLICATION_CREDENTIALS"]),
        (LoginKind.Entra, "entra", ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]),
    ];

    public static string Of(LoginKind kind) => Find(kind).Name;

    /// <summary>The environment variables that, all set, make a vendor usable without any configuration; empty where none do.</summary>
    public static IReadOnlyList<string> VariablesOf(LoginKind kind) => Find(kind).Variables;

    /// <summary>The login of this name, or <see langword="null"/>.</summary>
    public static LoginKind? Parse(string name) => Array.Find(Names, n => n.Name == name) is { Name: not null } found ? found.Kind : null;

    private static (LoginKind Kind, string Name, IReadOnlyList<string> Variables) Find(LoginKind kind) =>
        Array.Find(Names, n => n.Kind == kind);
}
