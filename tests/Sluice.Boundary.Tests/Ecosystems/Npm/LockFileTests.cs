using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Npm;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Ecosystems.Npm;

public sealed class LockFileTests
{
    private static readonly NpmEcosystem Npm = new();

    [Theory]
    [InlineData(
        "pnpm-lock.yaml",
        """
            lockfileVersion: 5.4
            specifiers: {widget: ^1}
            dependencies:
              widget: 1.0.0_react@18.0.0
            packages:
              /@ai-sdk/openai/1.0.0: {dev: false}
              /openai/4.0.0_zod@3.0.0:
                dependencies: {'@ai-sdk/openai': 1.0.0}
              /widget/1.0.0_react@18.0.0:
                dependencies: {llm: /openai/4.0.0_zod@3.0.0}
            """
    )]
    [InlineData(
        "pnpm-lock.yaml",
        """
            lockfileVersion: '6.0'
            dependencies:
              widget: {specifier: ^1, version: 1.0.0(react@18.0.0)}
            packages:
              /@ai-sdk/openai@1.0.0: {dev: false}
              /openai@4.0.0(zod@3.0.0):
                optionalDependencies: {'@ai-sdk/openai': 1.0.0}
              /widget@1.0.0(react@18.0.0):
                dependencies: {llm: /openai@4.0.0(zod@3.0.0)}
            """
    )]
    [InlineData(
        "bun.lock",
        """
            {
              "lockfileVersion": 1,
              "workspaces": { "": { "name": "app", "dependencies": { "widget": "^1" } } },
              "packages": {
                "widget": ["widget@1.0.0", "", { "dependencies": { "llm": "npm:openai@4" } }, "sha512-a"],
                "widget/llm": ["openai@4.0.0", "", { "dependencies": { "@ai-sdk/openai": "1" } }, "sha512-b"],
                "@ai-sdk/openai": ["@ai-sdk/openai@1.0.0", "", {}, "sha512-c"], // a comment, and a comma
              },
            }
            """
    )]
    [InlineData(
        "package-lock.json",
        """
            {
              "name": "app", "lockfileVersion": 1,
              "dependencies": {
                "widget": {
                  "version": "1.0.0",
                  "requires": { "llm": "npm:openai@4" },
                  "dependencies": { "llm": { "version": "npm:openai@4.0.0", "requires": { "@ai-sdk/openai": "1" } } }
                },
                "@ai-sdk/openai": { "version": "1.0.0" }
              }
            }
            """
    )]
    public void Chain_ThroughAnAlias_NamesWhatIsBehindIt(string name, string text)
    {
        var problems = new List<Problem>();
        var unit = new Unit("app", "npm", "package.json") { Dependencies = { new Dependency("widget", 1) } };
        var locked = Npm.ReadLockFile(new ManifestText(name, text), [unit], problems).ShouldNotBeNull();
        var last = locked.Packages.Values.Single(p => p.Name == "@ai-sdk/openai");
        string.Join(" > ", locked.Chain(last.Key)).ShouldBe("app > widget > openai > @ai-sdk/openai");
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void YarnLock_PackageNobodyAsksFor_BeginsItsOwnChain()
    {
        var text =
            "# yarn lockfile v1\n\nopenai@^4:\n  version \"4.0.0\"\n  dependencies:\n    \"zod\" \"^3\"\n\nzod@^3:\n  version \"3\"\n";
        var locked = Npm.ReadLockFile(new ManifestText("a/yarn.lock", text), [], []).ShouldNotBeNull();
        locked.Chain("zod@^3").ShouldBe(["openai", "zod"]);
        locked.Packages["zod@^3"].Line.ShouldBe(8);
    }

    [Theory]
    [InlineData("pnpm-lock.yaml", "packages: [")]
    [InlineData("pnpm-lock.yaml", "a: *unknown\n\tb: c")]
    [InlineData("yarn.lock", "openai")]
    [InlineData("yarn.lock", "__metadata:\n  a: \"")]
    [InlineData("bun.lock", "{")]
    [InlineData("package-lock.json", "<<<<<<< ours")]
    public void LockFile_Broken_IsAProblem(string name, string text)
    {
        var problems = new List<Problem>();
        Npm.ReadLockFile(new ManifestText(name, text), [], problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().Fatal.ShouldBeTrue();
    }
}
