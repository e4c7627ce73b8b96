using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.PyPi;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Ecosystems.PyPi;

public sealed class PythonLockTests
{
    [Theory]
    [InlineData(
        "poetry.lock",
        """
            [[package]]
            name = "Chatty_Thing"
            version = "1"
            [package.dependencies]
            openai = { version = "^1", extras = ["x"] }

            [[package]]
            name = "openai"
            version = "1"
            """
    )]
    [InlineData(
        "pdm.lock",
        """
            [[package]]
            name = "chatty-thing"
            version = "1"
            dependencies = ["openai[x]>=1; python_version > '3'"]

            [[package]]
            name = "openai"
            version = "1"
            """
    )]
    [InlineData(
        "pylock.toml",
        """
            [[packages]]
            name = "chatty-thing"
            dependencies = [{ name = "OpenAI" }]

            [[packages]]
            name = "openai"
            """
    )]
    [InlineData(
        "uv.lock",
        """
            [[package]]
            name = "app"
            source = { editable = "." }
            [package.dev-dependencies]
            dev = [{ name = "chatty.thing" }]

            [[package]]
            name = "chatty-thing"
            dependencies = [{ name = "openai", extra = ["x"] }]

            [[package]]
            name = "openai"
            version = "1"

            [[package]]
            name = "openai"
            version = "2"
            """
    )]
    public void Chain_OfAPackage_BeginsAtTheUnit(string name, string text)
    {
        var problems = new List<Problem>();
        var unit = new Unit("app", "pypi", "pyproject.toml") { Dependencies = { new Dependency("chatty.thing", 1) } };
        var locked = new PyPiEcosystem().ReadLockFile(new ManifestText(name, text), [unit], problems).ShouldNotBeNull();
        foreach (var package in locked.Packages.Values.Where(p => p.Name == "openai"))
        {
            string.Join(" > ", locked.Chain(package.Key).Select(PyPiEcosystem.Same)).ShouldBe("app > chatty-thing > openai");
        }

        problems.ShouldBeEmpty();
    }

    [Fact]
    public void Chain_InACircleThatNoUnitAsksFor_BeginsInIt()
    {
        var text =
            "[[package]]\nname = \"a\"\n[package.dependencies]\nb = \"*\"\n[[package]]\nname = \"b\"\n[package.dependencies]\na = \"*\"\n";
        var locked = new PyPiEcosystem().ReadLockFile(new ManifestText("poetry.lock", text), [], []).ShouldNotBeNull();
        locked.Packages.Keys.ShouldAllBe(k => locked.Chain(k).Count > 0);
    }

    [Theory]
    [InlineData("uv.lock", "[[package]\n")]
    [InlineData("Pipfile.lock", "{")]
    public void LockFile_Broken_IsAProblem(string name, string text)
    {
        var problems = new List<Problem>();
        new PyPiEcosystem().ReadLockFile(new ManifestText(name, text), [], problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().Fatal.ShouldBeTrue();
    }
}
