using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Go;
using Sluice.Boundary.Ecosystems.Npm;
using Sluice.Boundary.Ecosystems.PyPi;
using Sluice.Boundary.Files;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Ecosystems;

/// <summary>Whatever stands in a file, it is read or becomes a problem: files of the workspaces, cut, doubled, turned and sprinkled with what is special.</summary>
public sealed class MutationTests
{
    private static readonly string Folder = Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces");

    private static readonly string[] Special =
    [
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "${",
        "}",
        "{",
        "f'{",
        "/",
        "/*",
        "*/",
        "//",
        "\\",
        "\n",
        "\r",
        "\0",
        "#",
        "<",
        "</",
        ">",
        "(",
        ")",
        "[",
        "]",
        ":",
        "- ",
        "&a ",
        "*a",
        "!!x ",
        "|\n",
        "=",
        ",",
        "@",
        "\uFEFF",
        "\uD800",
        "\t",
        "import ",
        "from ",
        "require ",
        "(",
        "=>",
        "---\n",
        "%",
        "? ",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void File_Mutated_IsReadOrAProblem(int seed)
    {
        var random = new Random(seed);
        IEcosystem[] ecosystems = [new NpmEcosystem(), new PyPiEcosystem(), new GoEcosystem()];
        ILanguage[] languages = [new JavaScript(), new Python(), new GoSource()];
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Folder, file).Replace('\\', '/');
            var ecosystem = Array.Find(ecosystems, e => e.IsManifest(path) || e.IsLockFile(path));
            var language = Array.Find(languages, l => l.Reads(path));
            var text = ecosystem is null && language is null ? "" : File.ReadAllText(file);
            for (var round = 0; round < 40 && text.Length > 0; round++)
            {
                var mutated = Mutated(text, random);
                var problems = new List<Problem>();
                var units = ecosystem?.ReadManifests([new ManifestText(path, mutated)], problems) ?? [];
                if (ecosystem?.ReadLockFile(new ManifestText(path, mutated), units, problems) is { } locked)
                {
                    locked.Packages.Keys.Take(20).ToList().ForEach(k => locked.Chain(k));
                }

                language?.Read(path, mutated, new List<Mention>());
            }
        }
    }

    [Theory]
    [InlineData("a.ts", "`${")]
    [InlineData("a.tsx", "<a>{")]
    [InlineData("a.tsx", "x = <a b={")]
    [InlineData("a.ts", "(")]
    [InlineData("a.ts", "const {a:")]
    [InlineData("a.ts", "createRequire(")]
    [InlineData("a.ts", "/[")]
    [InlineData("a.vue", "<script>`${")]
    [InlineData("a.py", "f'{")]
    [InlineData("a.py", "x = f'{x:{")]
    [InlineData("a.py", "'a' ")]
    [InlineData("a.py", "(")]
    [InlineData("a.py", "def f(: '' ")]
    [InlineData("a.go", "\"a\" + ")]
    [InlineData("a.go", "a.b(")]
    [InlineData("a.js", "a.b.c.")]
    [InlineData("a.js", "a<")]
    public async Task Source_WithoutEnd_IsReadInTime(string path, string part)
    {
        ILanguage[] languages = [new JavaScript(), new Python(), new GoSource()];
        var language = Array.Find(languages, l => l.Reads(path))!;
        var text = string.Concat(Enumerable.Repeat(part, 100_000 / part.Length));
        await Task.Run(() => language.Read(path, text, new List<Mention>()), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private static string Mutated(string text, Random random)
    {
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(40), text.Length - at);
            text = random.Next(5) switch
            {
                0 => text[..at],
                1 => text.Remove(at, length),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text.Insert(at, string.Concat(Enumerable.Repeat(Special[random.Next(Special.Length)], random.Next(1, 300)))),
                _ => text.Insert(at, Special[random.Next(Special.Length)]),
            };
        }

        return text;
    }
}
