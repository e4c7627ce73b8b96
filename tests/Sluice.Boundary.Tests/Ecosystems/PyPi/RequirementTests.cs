using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.PyPi;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Ecosystems.PyPi;

public sealed class RequirementTests
{
    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("openai>=1,<2", "openai")]
    [InlineData("openai ~= 1.0", "openai")]
    [InlineData("openai[datalib, voice] (>=1)", "openai")]
    [InlineData("Open_AI.x;python_version<'3'", "Open_AI.x")]
    [InlineData("openai@https://x.example/y.zip", "openai")]
    [InlineData("git+ssh://git@github.com/x/y.git#subdirectory=z&egg=openai", "openai")]
    [InlineData("https://x.example/a/openai-1.2.3.tar.gz", "openai")]
    [InlineData("https://x.example/a/google_genai-1.2.3-py3-none-any.whl#sha256=aa", "google_genai")]
    [InlineData("./openai", null)]
    [InlineData("../openai/openai-1.0.whl", null)]
    [InlineData("-e .", null)]
    [InlineData("openai is what we like", null)]
    [InlineData("", null)]
    public void Requirement_InEachForm_NamesItsPackage(string text, string? name) =>
        Requirement.Read(text, 1, DependencyScope.Runtime)?.Name.ShouldBe(name);

    [Theory]
    [InlineData("openai @ file:///x", true)]
    [InlineData("openai @ ../x", true)]
    [InlineData("openai @ git+https://x.example/y", false)]
    public void Requirement_ThatLiesHere_IsLocal(string text, bool isLocal) =>
        Requirement.Read(text, 1, DependencyScope.Runtime).ShouldNotBeNull().IsLocal.ShouldBe(isLocal);

    [Theory]
    [InlineData("requirements.txt", true)]
    [InlineData("a/dev-requirements.in", true)]
    [InlineData("requirements/base.txt", true)]
    [InlineData("docs/notes.txt", false)]
    [InlineData("requirements.md", false)]
    public void RequirementsFile_IsKnownByItsName(string path, bool isOne)
    {
        RequirementsFile.IsOne(path).ShouldBe(isOne);
        if (isOne)
        {
            FileContexts.Of(path).ShouldBe(FileContext.Source);
        }
    }

    [Theory]
    [InlineData("-r b/requirements.txt", 0)]
    [InlineData("--requirement=b/requirements.txt", 0)]
    [InlineData("-rb/../b/requirements.txt", 0)]
    [InlineData("-r c.txt", 1)]
    [InlineData("-r https://x.example/requirements.txt", 1)]
    public void RequirementsFile_IncludesWhatWasNotRead_IsAProblem(string line, int problems)
    {
        var found = new List<Problem>();
        new PyPiEcosystem().ReadManifests([new("a/requirements.txt", line), new("a/b/requirements.txt", "")], found);
        found.Count.ShouldBe(problems);
    }

    [Theory]
    [InlineData("pyproject.toml", "[project\nname = 1")]
    [InlineData("Pipfile", "= 1")]
    public void Manifest_Broken_IsAProblem(string path, string text)
    {
        var found = new List<Problem>();
        new PyPiEcosystem().ReadManifests([new(path, text)], found).ShouldBeEmpty();
        found.ShouldHaveSingleItem().Fatal.ShouldBeTrue();
    }
}
