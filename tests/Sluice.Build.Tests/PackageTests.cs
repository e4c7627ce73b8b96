using System.Diagnostics;
using Sluice.Testing;

namespace Sluice.Build.Tests;

/// <summary>The package as its users get it: packed, installed from a feed, in builds of their own.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Package_Installed_FailsTheBuildOnAProvidersPackageAndOnItsUse()
    {
        var feed = directory.File("feed");
        var (code, output) = await DotnetAsync(
            Repository.Root,
            "pack",
            "src/Sluice.Analyzers",
            "--no-build",
            "--no-restore",
            "-c",
            "Debug",
            "-o",
            feed
        );
        code.ShouldBe(0, output);
        Write("nuget.config", $"<configuration><packageSources><add key=\"local\" value=\"{feed}\" /></packageSources></configuration>");
        Write("Directory.Build.props", "<Project />");
        Write(
            "Shop.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>FALLBACK</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Sluice.Analyzers" Version="0.1.0" />
                <PackageReference Include="OpenAI" Version="2.15.0" />
              </ItemGroup>
            </Project>
            """.Replace("FALLBACK", Packages(), StringComparison.Ordinal)
        );
        Write("Ask.cs", "public static class Ask { public static object Make() => new OpenAI.OpenAIClient(\"k\"); }");

        (code, output) = await DotnetAsync(directory.Path, "build", "-nodeReuse:false");
        code.ShouldBe(1, output);
        output.ShouldContain("Shop.csproj(9): error SLUICE010: OpenAI 2.15.0 is not allowed here (openai): Shop ");

        (code, output) = await DotnetAsync(directory.Path, "build", "-nodeReuse:false", "-p:SluiceBoundary=false");
        code.ShouldBe(1, output);
        output.ShouldContain("error SLUICE001: OpenAIClient is openai's client");

        Write("sluice.boundary.json", """{ "allow": [{ "paths": ["."], "because": "the layer itself" }] }""");
        (code, output) = await DotnetAsync(directory.Path, "build", "-nodeReuse:false");
        code.ShouldBe(0, output);
        output.ShouldNotContain("SLUICE0");
    }

    /// <summary>Where the packages of this machine lie, so that none is fetched again.</summary>
    private static string Packages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<(int Code, string Output)> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private void Write(string path, string text) => File.WriteAllText(directory.File(path), text);
}
