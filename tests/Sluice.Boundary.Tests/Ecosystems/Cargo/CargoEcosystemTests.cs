using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Cargo;
using Sluice.Boundary.Files;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Ecosystems.Cargo;

public sealed class CargoEcosystemTests
{
    private static readonly string Workspace = Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces/cargo-violating");

    [Fact]
    public void Manifest_ThatIsBroken_IsAProblemAndTheOthersAreRead()
    {
        var problems = new List<Problem>();

        var units = new CargoEcosystem().ReadManifests(
            [new ManifestText("a/Cargo.toml", "[package]\nname = oops"), new ManifestText("b/Cargo.toml", "[package]\nname = 'b'")],
            problems
        );

        units.Select(u => u.Name).ShouldBe(["b"]);
        problems
            .Single()
            .ShouldSatisfyAllConditions(p => p.File.ShouldBe("a/Cargo.toml"), p => p.Line.ShouldBe(2), p => p.Fatal.ShouldBeTrue());
    }

    [Theory]
    [InlineData("\n[dependencies]\nx = \"1\"", "x:4:Runtime")]
    [InlineData("\n[dependencies]\nx = { package = \"y\" }", "y=x:4:Runtime")]
    [InlineData("\n[dev-dependencies.x]\nversion = \"1\"", "x:3:Development")]
    [InlineData("\n[target.'cfg(unix)'.build-dependencies]\nx.version = \"1\"", "x:4:Runtime")]
    [InlineData("\n[dependencies]\nx.path = \"../x\"", "x:4:Runtime:local")]
    [InlineData("\n[dependencies]\nx.path = \"vendor/x\"", "x:4:Runtime")]
    [InlineData("\n[dependencies]\nx.path = \"../../../elsewhere\"", "x:4:Runtime:local")]
    [InlineData("\n[dependencies]\nx.git = \"https://example.com/x\"", "x:4:Runtime")]
    [InlineData("\n[dependencies]\nrenamed.workspace = true", "real=renamed:4:Runtime")]
    [InlineData("\n[dependencies]\nshared.workspace = true", "shared:4:Runtime:local")]
    [InlineData("\n[dependencies]\nmissing.workspace = true", "missing:4:Runtime")]
    public void Dependency_OfEachForm_IsRead(string manifest, string expected)
    {
        var root = new ManifestText(
            "Cargo.toml",
            "[workspace.dependencies]\nrenamed = { package = \"real\" }\nshared = { path = \"crates/shared\" }"
        );

        var unit = new CargoEcosystem()
            .ReadManifests([root, new ManifestText("crates/a/Cargo.toml", "[package]\n" + manifest)], [])
            .Single();

        var d = unit.Dependencies.Single();
        $"{d.Name}{(d.Alias is null ? "" : "=" + d.Alias)}:{d.Line}:{d.Scope}{(d.IsLocal ? ":local" : "")}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("Cargo.toml")]
    [InlineData("Cargo.lock")]
    [InlineData("crates/agents/Cargo.toml")]
    public void File_WithAnyBytesChanged_IsReadOrAProblem(string file)
    {
        var cargo = new CargoEcosystem();
        foreach (var text in Mutations.Of(File.ReadAllText(Path.Combine(Workspace, file)), "[]{}=.,\"'#\n ab1", 1_500))
        {
            var problems = new List<Problem>();
            var units = cargo.ReadManifests([new ManifestText(file, text)], problems);
            var locked = cargo.ReadLockFile(new ManifestText(file, text), units, problems);
            locked?.Packages.Values.ToList().ForEach(p => locked.Chain(p.Key));
            problems.ShouldAllBe(p => p.Fatal && p.Line > 0);
        }
    }
}
