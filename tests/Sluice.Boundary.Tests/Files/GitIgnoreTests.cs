using System.Diagnostics;
using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Tests.Files;

/// <summary>The walk is held against git itself.</summary>
public sealed class GitIgnoreTests
{
    [Fact]
    public void Walk_WithIgnoreFiles_SeesWhatGitSees()
    {
        using var repository = new TempRepository(
            (
                ".gitignore",
                "*.log\n!keep.log\n/build\nout/\n**/deep/*.tmp\nfoo/**/bar.ts\n# comment\n\\#odd.ts\n[ab].ts\n[!x-z]1.ts\ntrail.ts   \nname?.ts\n"
            ),
            ("sub/.gitignore", "!*.log\n/only-here.ts\n"),
            ("a.log", ""),
            ("keep.log", ""),
            ("build/x.ts", ""),
            ("sub/build/x.ts", ""),
            ("out/x.ts", ""),
            ("sub/out/y.ts", ""),
            ("sub/b.log", ""),
            ("sub/only-here.ts", ""),
            ("only-here.ts", ""),
            ("x/deep/a.tmp", ""),
            ("x/deep/more/a.tmp", ""),
            ("foo/bar.ts", ""),
            ("foo/1/2/bar.ts", ""),
            ("#odd.ts", ""),
            ("a.ts", ""),
            ("c.ts", ""),
            ("c1.ts", ""),
            ("y1.ts", ""),
            ("trail.ts", ""),
            ("names.ts", ""),
            ("name.ts", ""),
            ("ü.ts", "")
        );
        Git(repository.Root, "init -q");
        var expected = Git(repository.Root, "-c core.quotePath=false ls-files --others --exclude-standard")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var problems = new List<Problem>();
        var seen = new RepositoryFiles(repository.Root, new GlobSet([]), problems).Walk().Select(f => f.Path);
        seen.ShouldBe(expected, ignoreOrder: true);
        problems.ShouldBeEmpty();
    }

    private static string Git(string folder, string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
