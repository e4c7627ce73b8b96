using System.Text;
using Sluice.Boundary.Rules;
using Sluice.Build.Assets;

namespace Sluice.Build;

/// <summary>A package that must not be there, and the ways by which it came.</summary>
/// <param name="Rule">Of a rule or a constraint.</param>
/// <param name="Ways">At least one; each ends with the package.</param>
/// <param name="Runtime">The only runtime that has it; empty where all do.</param>
internal sealed record PackageFinding(
    string Rule,
    AssetsLibrary Package,
    IReadOnlyList<IReadOnlyList<AssetsLibrary>> Ways,
    Severity Severity,
    string Advice,
    string Runtime
)
{
    private const string Arrow = " → ";

    /// <summary>What the project's own file asks for, and thereby gets the package.</summary>
    public string AskedFor => Ways[0][0].Name;

    public string Describe(string project)
    {
        var text = new StringBuilder($"{Package} is not allowed here ({Rule}): {project}");
        foreach (var library in Ways[0])
        {
            text.Append(Arrow).Append(library);
        }

        if (Ways.Count > 1)
        {
            text.Append(", also ").Append(string.Join(", ", Ways.Skip(1).Select(w => w.Count == 1 ? "directly" : $"through {w[0]}")));
        }

        return text.Append(Runtime.Length > 0 ? $", on {Runtime}" : "").Append("; ").Append(Advice).ToString();
    }
}
