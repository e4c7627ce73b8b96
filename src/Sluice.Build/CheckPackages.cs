using Microsoft.Build.Framework;
using Sluice.Boundary;
using Sluice.Boundary.Rules;
using Sluice.Boundary.Text;
using Sluice.Build.Assets;

namespace Sluice.Build;

/// <summary>The task that fails a build on packages that call a provider past the gate.</summary>
public sealed class CheckPackages : Microsoft.Build.Utilities.Task
{
    /// <summary>docs/rules/SLUICE010.md.</summary>
    private const string Forbidden = "SLUICE010";

    private const string WrongSetting = "SLUICE011";
    private const string WrongAssets = "SLUICE012";

    private static readonly Lazy<IReadOnlyList<Rule>> Shipped = new(ShippedRules.Read);

    /// <summary>What the restore resolved.</summary>
    [Required]
    public string AssetsFile { get; set; } = "";

    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The framework of this build, as the project names it.</summary>
    public string TargetFramework { get; set; } = "";

    public string TargetFrameworkMoniker { get; set; } = "";

    /// <summary>The project's boundary, if it has one.</summary>
    public string BoundaryFile { get; set; } = "";

    /// <summary>What the project is to the product; by default its own code.</summary>
    public string Context { get; set; } = "";

    /// <summary><c>error</c>, or <c>warning</c> for a build that is told and goes on.</summary>
    public string Severity { get; set; } = "";

    public override bool Execute()
    {
        if (ReadSettings() && ReadBoundary() is { } boundary && ReadAssets() is { } assets)
        {
            var root = Path.GetDirectoryName(Path.GetFullPath(BoundaryFile.Length > 0 ? BoundaryFile : ProjectFile)) ?? "";
            var project = new CheckedProject(Path.GetFullPath(ProjectFile), root, Context.ToLowerInvariant());
            foreach (
                var finding in new PackageCheck(Shipped.Value, boundary, project).Run(assets.Of(TargetFramework, TargetFrameworkMoniker))
            )
            {
                Tell(finding, project.Name);
            }
        }

        return !Log.HasLoggedErrors;
    }

    private bool ReadSettings()
    {
        Context = Context.Length > 0 ? Context : CheckedProject.Source;
        Severity = Severity.Length > 0 ? Severity : "error";
        return Known("SluiceBoundaryContext", Context, [CheckedProject.Source, .. BoundaryFileReader.Contexts])
            & Known("SluiceBoundarySeverity", Severity, ["error", "warning"]);
    }

    private bool Known(string property, string value, IReadOnlyList<string> words)
    {
        if (words.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        Error(WrongSetting, ProjectFile, 0, $"{property}: '{value}' is not known; use {string.Join(", ", words)}");
        return false;
    }

    private BoundaryFile? ReadBoundary()
    {
        if (BoundaryFile.Length == 0)
        {
            return Sluice.Boundary.Rules.BoundaryFile.Empty;
        }

        try
        {
            return BoundaryFileReader.Read(File.ReadAllText(BoundaryFile), BoundaryFile, Shipped.Value.Select(r => r.Id));
        }
        catch (BoundaryException exception)
        {
            foreach (var error in exception.Errors)
            {
                Error(WrongSetting, error.File, error.Line, (error.Path.Length > 0 ? error.Path + ": " : "") + error.Message);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Error(
                WrongSetting,
                ProjectFile,
                0,
                $"SluiceBoundaryFile: '{BoundaryFile}' cannot be read ({exception.Message}); name one that can"
            );
        }

        return null;
    }

    private AssetsFile? ReadAssets()
    {
        try
        {
            return Assets.AssetsFile.Read(File.ReadAllText(AssetsFile));
        }
        catch (JsonTextException exception)
        {
            Error(WrongAssets, AssetsFile, exception.Line, $"not what a restore writes: {exception.Message}; restore again");
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Error(WrongAssets, AssetsFile, 0, $"not what a restore writes: {exception.Message}; restore again");
        }

        return null;
    }

    private void Tell(PackageFinding finding, string project)
    {
        var line = LineOf(finding.AskedFor);
        var text = finding.Describe(project);
        if (finding.Severity == Sluice.Boundary.Rules.Severity.Hard && string.Equals(Severity, "error", StringComparison.OrdinalIgnoreCase))
        {
            Error(Forbidden, ProjectFile, line, text);
        }
        else
        {
            Log.LogWarning(null, Forbidden, null, ProjectFile, line, 0, 0, 0, "{0}", text);
        }
    }

    /// <summary>Where the project's file asks for a package or project; 0 where another file does it.</summary>
    private int LineOf(string name)
    {
        try
        {
            return 1
                + File.ReadLines(ProjectFile)
                    .TakeWhile(l =>
                        l.IndexOf("Reference", StringComparison.Ordinal) < 0
                        || (
                            l.IndexOf($"\"{name}\"", StringComparison.OrdinalIgnoreCase) < 0
                            && l.IndexOf($"{name}.csproj\"", StringComparison.OrdinalIgnoreCase) < 0
                        )
                    )
                    .Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void Error(string code, string file, int line, string text) => Log.LogError(null, code, null, file, line, 0, 0, 0, "{0}", text);
}
