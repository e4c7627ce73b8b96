using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.NuGet;
using Sluice.Boundary.Files;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Ecosystems.NuGet;

public sealed class NuGetEcosystemTests
{
    private static readonly string Workspace = Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces/nuget-violating");

    [Fact]
    public void Project_ThatIsBroken_IsAProblemWithItsLine()
    {
        var problems = new List<Problem>();

        new NuGetEcosystem()
            .ReadManifests([new ManifestText("a/a.csproj", "<Project>\n<ItemGroup>\n</Project>")], problems)
            .ShouldBeEmpty();

        problems
            .Single()
            .ShouldSatisfyAllConditions(p => p.File.ShouldBe("a/a.csproj"), p => p.Line.ShouldBe(3), p => p.Fatal.ShouldBeTrue());
    }

    [Fact]
    public void Properties_ThatAreNoXml_AreNotOurs()
    {
        var problems = new List<Problem>();

        new NuGetEcosystem().ReadManifests([new ManifestText("gradle.props", "a=b")], problems).ShouldBeEmpty();

        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<PackageReference Include='X' />", "X:3:Runtime")]
    [InlineData("<PackageReference Include='X' Version='1'/>\n<PackageReference Remove='x' />", "")]
    [InlineData("<PackageReference Include='X' />\n<PackageReference Remove='X' Condition=\"'a'=='b'\" />", "X:3:Runtime")]
    [InlineData("<PackageReference Update='X' Version='1' />", "")]
    [InlineData("<PackageVersion Include='X' Version='1' />", "")]
    [InlineData("<PackageReference Include='X' PrivateAssets='all' />", "X:3:Runtime")]
    [InlineData(
        "<PackageReference Include='X'>\n<PrivateAssets>all</PrivateAssets><IncludeAssets>analyzers</IncludeAssets></PackageReference>",
        "X:3:Development"
    )]
    [InlineData("<ProjectReference Include='..\\X\\X.csproj' />", "X:3:Runtime:local")]
    [InlineData("<Reference Include='X' />", "")]
    [InlineData("<PackageReference Include='X' /><PackageReference Include='xunit.v3' />", "X:3:Development xunit.v3:3:Development")]
    public void Item_OfEachForm_IsRead(string items, string expected)
    {
        var text = $"<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<Project><ItemGroup>\n{items}\n</ItemGroup></Project>";

        var unit = new NuGetEcosystem().ReadManifests([new ManifestText("a/a.csproj", "\uFEFF" + text)], []).Single();

        string.Join(' ', unit.Dependencies.Select(d => $"{d.Name}:{d.Line}:{d.Scope}{(d.IsLocal ? ":local" : "")}")).ShouldBe(expected);
    }

    [Fact]
    public void Properties_AreTakenFromTheNearestFolderAndWhatItImports()
    {
        static ManifestText File(string path, string package, string import = "") =>
            new(path, $"<Project>{import}<ItemGroup><PackageReference Include='{package}'/></ItemGroup></Project>");

        var units = new NuGetEcosystem().ReadManifests(
            [
                File("Directory.Build.props", "Top"),
                File("a/Directory.Build.props", "A"),
                File(
                    "b/Directory.Build.props",
                    "B",
                    "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '..'))\" />"
                ),
                File("a/one/one.csproj", "One"),
                File("b/two/two.fsproj", "Two", "<Import Project='$(MSBuildThisFileDirectory)..\\more.props' />"),
                File("b/more.props", "More", "<Import Project='more.props' />"),
            ],
            []
        );

        units.ShouldSatisfyAllConditions(
            u => u.Select(x => x.Name).ShouldBe(["one", "two"], ignoreOrder: true),
            u => u.Single(x => x.Name == "one").Dependencies.Select(d => d.Name).ShouldBe(["A", "One"], ignoreOrder: true),
            u => u.Single(x => x.Name == "two").Dependencies.Select(d => d.Name).ShouldBe(["B", "Top", "Two", "More"], ignoreOrder: true)
        );
    }

    [Theory]
    [InlineData("src/Web/Web.csproj")]
    [InlineData("src/Legacy/packages.config")]
    [InlineData("Directory.Packages.props")]
    [InlineData("src/Core/packages.lock.json")]
    public void File_WithAnyBytesChanged_IsReadOrAProblem(string file)
    {
        var nuget = new NuGetEcosystem();
        foreach (var text in Mutations.Of(File.ReadAllText(Path.Combine(Workspace, file)), "<>/=\"'&;!?[]{}:,-\n a\0\uD800", 1_500))
        {
            var problems = new List<Problem>();
            var units = nuget.ReadManifests([new ManifestText(file, text)], problems);
            var locked = nuget.ReadLockFile(new ManifestText("packages.lock.json", text), units, problems);
            locked?.Packages.Values.ToList().ForEach(p => locked.Chain(p.Key));
            problems.ShouldAllBe(p => p.Fatal && p.Line > 0);
        }
    }
}
