using System.Diagnostics;
using System.Text.RegularExpressions;
using Sluice.Boundary.Text;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>The recipes of docs/ci.md, as far as they run without their services: the lines that call `sluice`, in a repository that is clean and in one that is not.</summary>
public sealed partial class RecipeTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/ci.md"));

    public static TheoryData<string> Commands =>
        [
            .. Lines()
                .Matches(Page)
                .Select(m => m.Groups["command"].Value.TrimEnd())
                .Where(c => !c.Contains("tool install", StringComparison.Ordinal))
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_FailsOnAViolationAlone(string command)
    {
        (await RunAsync(command, "export const a = 1;\n")).ShouldBe(0);
        (await RunAsync(command, "import \"openai\";\n")).ShouldBe(1);
    }

    [Fact]
    public void Recipes_AreYaml_WithTheirServicesMembers()
    {
        var recipes = Yaml().Matches(Page).ToDictionary(m => m.Groups["file"].Value, m => YamlTree.Parse(m.Groups["body"].Value));
        recipes.Keys.ShouldBe([
            ".github/workflows/boundary.yml",
            ".github/workflows/boundary-scan.yml",
            ".gitlab-ci.yml",
            ".pre-commit-config.yaml",
        ]);
        foreach (var workflow in recipes.Where(r => r.Key.StartsWith(".github", StringComparison.Ordinal)).Select(r => r.Value))
        {
            var job = workflow["jobs"]!["check"]!;
            job["runs-on"]!.Text.ShouldBe("ubuntu-latest");
            job["steps"]!.Items.ShouldAllBe(s => s["uses"] != null || s["run"] != null);
        }

        recipes[".github/workflows/boundary-scan.yml"]["jobs"]!["check"]!["permissions"]!["security-events"]!.Text.ShouldBe("write");
        recipes[".gitlab-ci.yml"]["boundary"]!["script"]!.Items.Count.ShouldBe(2);
        var hook = recipes[".pre-commit-config.yaml"]["repos"]!.Items[0]["hooks"]!.Items[0];
        new[] { "id", "name", "entry", "language" }.ShouldAllBe(m => hook[m] != null);
    }

    private static async Task<int> RunAsync(string command, string source)
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory.File("a.ts"), source);
        var tool = directory.File("tools");
        Directory.CreateDirectory(tool);
        var shim = Path.Combine(tool, "sluice");
        await File.WriteAllTextAsync(shim, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Sluice.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("sh", ["-c", command])
        {
            WorkingDirectory = directory.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = tool + ":" + start.Environment["PATH"];
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [GeneratedRegex(@"^(?:.*?(?:run|entry): |\s*- |)(?<command>sluice check.*)$", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"^```yaml\n# (?<file>\S+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();
}
