using Microsoft.CodeAnalysis;

namespace Sluice.Analyzers;

/// <summary>What the analyzer tells; a page for each lies in docs/rules.</summary>
internal static class BoundaryRules
{
    public static readonly DiagnosticDescriptor ProviderType = Rule(
        "SLUICE001",
        "A provider's client is used past the gate",
        "{0} is {1}'s client; {2}",
        DiagnosticSeverity.Error
    );

    public static readonly DiagnosticDescriptor ProviderHost = Rule(
        "SLUICE002",
        "A provider's host is written down",
        "{0} is {1}'s host; {2}",
        DiagnosticSeverity.Error
    );

    public static readonly DiagnosticDescriptor OwnRetries = Rule(
        "SLUICE003",
        "A client behind the gate retries by itself",
        "{0} speaks to the gateway and retries by itself; set {1}, since the gateway retries where that helps and counts it",
        DiagnosticSeverity.Warning
    );

    public static readonly DiagnosticDescriptor ProviderKey = Rule(
        "SLUICE004",
        "A provider's key is read past the configuration",
        "{0} is {1}'s key; only the gate's configuration refers to it (\"apiKey\": \"env:{0}\")",
        DiagnosticSeverity.Warning
    );

    public static readonly DiagnosticDescriptor BoundaryFile = Rule(
        "SLUICE005",
        "The boundary file is wrong",
        "{0}",
        DiagnosticSeverity.Error
    );

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, "Boundary", severity, isEnabledByDefault: true, helpLinkUri: $"docs/rules/{id}.md");
}
