using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>The rules that come with Sluice.</summary>
internal static class ShippedRules
{
    private const string Resource = "data/boundary.jsonc";

    public static IReadOnlyList<Rule> Read() => RuleReader.ReadFile(Text(Resource), Resource);

    /// <summary>From which editors complete a boundary file.</summary>
    public static string Schema() => Text("data/boundary.schema.json");

    private static string Text(string resource)
    {
        using var stream = typeof(ShippedRules).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
