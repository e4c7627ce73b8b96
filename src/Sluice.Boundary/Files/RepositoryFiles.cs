using Sluice.Boundary.Text;

namespace Sluice.Boundary.Files;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
internal readonly record struct RepositoryFile(string Path, string FullPath, FileContext Context);

/// <summary>Walks a repository as git sees it: without what <c>.gitignore</c> leaves out, without following links.</summary>
internal sealed class RepositoryFiles(string root, GlobSet exclude, ICollection<Problem> problems)
{
    private const string IgnoreFile = ".gitignore";

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <summary>Every file in the order of its path.</summary>
    public List<RepositoryFile> Walk()
    {
        var files = new List<RepositoryFile>();
        Walk(root, "", [], files);
        return files;
    }

    private void Walk(string folder, string path, GitIgnore[] above, List<RepositoryFile> files)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(path.TrimEnd('/'), 0, $"the folder cannot be read: {exception.Message}", Fatal: true));
            return;
        }

        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var ignores = Array.Exists(entries, e => e.Name == IgnoreFile && e is FileInfo) ? [.. above, Ignore(folder, path)] : above;
        foreach (var entry in entries)
        {
            var here = path + entry.Name;
            var isFolder = entry is DirectoryInfo;
            if ((isFolder && entry.Name == ".git") || Ignored(ignores, here, isFolder) || exclude.Matches(here))
            {
                continue;
            }

            if (entry.LinkTarget is { } target)
            {
                Link(entry, here, target);
            }
            else if (isFolder)
            {
                Walk(entry.FullName, here + "/", ignores, files);
            }
            else
            {
                files.Add(new RepositoryFile(here, entry.FullName, FileContexts.Of(here)));
            }
        }
    }

    /// <summary>What a link inside the repository leads to is looked at where it lies; what lies outside is not the repository's.</summary>
    private void Link(FileSystemInfo entry, string path, string target)
    {
        FileSystemInfo? end = null;
        try
        {
            end = entry.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            // A circle; told below.
        }

        if (end is not { Exists: true })
        {
            problems.Add(new Problem(path, 0, $"the link to {target} leads nowhere or in a circle; it was not followed", Fatal: false));
        }
        else if (!(end.FullName + "/").StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            problems.Add(new Problem(path, 0, $"the link leads out of the repository, to {target}; it was not followed", Fatal: false));
        }
    }

    private GitIgnore Ignore(string folder, string path)
    {
        try
        {
            return new GitIgnore(path, File.ReadLines(System.IO.Path.Combine(folder, IgnoreFile)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(path + IgnoreFile, 0, $"cannot be read: {exception.Message}", Fatal: false));
            return new GitIgnore(path, []);
        }
    }

    private static bool Ignored(GitIgnore[] ignores, string path, bool isFolder)
    {
        for (var i = ignores.Length - 1; i >= 0; i--)
        {
            if (ignores[i].Ignores(path, isFolder) is { } said)
            {
                return said;
            }
        }

        return false;
    }
}
