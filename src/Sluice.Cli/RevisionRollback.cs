using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;

namespace Sluice.Cli;

/// <summary>The way back to the files of a revision: checked first, then all of them or none.</summary>
internal sealed class RevisionRollback
{
    private readonly IReadOnlyList<(SourceText Wanted, string There)> _files;

    private RevisionRollback(IReadOnlyList<(SourceText Wanted, string There)> files) => _files = files;

    /// <summary>What it changes in what is on disk.</summary>
    public ImmutableArray<ConfigurationChange> Changes { get; private init; } = [];

    /// <summary>What could not be checked here.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>What tells the restored configuration from others.</summary>
    public string Digest { get; private init; } = "";

    /// <summary>The files that are written.</summary>
    public IEnumerable<string> Changed => _files.Select(f => f.Wanted.Path);

    public bool IsInPlace => _files.Count == 0;

    /// <exception cref="UserException">The revision has no texts that could be put back, or no place for them.</exception>
    /// <exception cref="ConfigurationException">What it would come to cannot be used.</exception>
    public static RevisionRollback Prepare(Revision revision, ConfigurationCompiler compiler)
    {
        if (revision.Files.IsEmpty)
        {
            throw new UserException($"revision {revision.Number} was read from no file, so that there is nothing to put back");
        }

        if (revision.Masked)
        {
            throw new UserException(
                $"revision {revision.Number} had something like a secret in its text, which was not kept; "
                    + $"take the rest from `sluice config show {revision.Number} --files`"
            );
        }

        if (revision.Files.FirstOrDefault(f => !File.Exists(f.Path)) is { } gone)
        {
            throw new UserException(
                $"{gone.Path} of revision {revision.Number} is no longer there; make it, empty if you like, when it still belongs there"
            );
        }

        var instead = revision.Files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);
        var path = revision.Files[0].Path;
        var notes = Check(path, instead, compiler);
        var files = revision.Files.Select(f => (f, There: File.ReadAllText(f.Path))).Where(f => f.f.Text != f.There).ToList();
        return new RevisionRollback(files)
        {
            Notes = notes,
            Changes = ConfigurationChange.Between(MergedOnDisk(path), MergedOf(path, new FilesRead(instead))),
            Digest = revision.Digest,
        };
    }

    /// <summary>Puts the files in place, each at once, all of them or none.</summary>
    /// <param name="isKept">Whether a revision has this text.</param>
    /// <returns>Copies of what no revision has.</returns>
    public IReadOnlyList<string> Write(Func<SourceText, bool> isKept, DateTimeOffset now)
    {
        var copies = new List<string>();
        foreach (var (wanted, there) in _files.Where(f => !isKept(new SourceText(f.Wanted.Path, f.There))))
        {
            var copy = $"{wanted.Path}.replaced-{now.UtcDateTime.ToString("yyyyMMddTHHmmss'Z'", CultureInfo.InvariantCulture)}";
            File.WriteAllText(copy, there);
            copies.Add(copy);
        }

        try
        {
            foreach (var (wanted, _) in _files)
            {
                Replace(wanted.Path, wanted.Text);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Undo();
            throw;
        }

        return copies;
    }

    /// <summary>Puts back what was there before.</summary>
    public void Undo()
    {
        foreach (var (wanted, there) in _files.Where(f => File.ReadAllText(f.Wanted.Path) != f.There))
        {
            Replace(wanted.Path, there);
        }
    }

    /// <summary>Errors are thrown; a variable that is set only where the gateway runs is none.</summary>
    private static IReadOnlyList<string> Check(string path, Dictionary<string, string> instead, ConfigurationCompiler compiler)
    {
        try
        {
            compiler.CompileFile(path, 0, instead);
            return [];
        }
        catch (ConfigurationException exception)
            when (exception.Errors.All(e => e.Problem.StartsWith(ReadContext.NotSet, StringComparison.Ordinal)))
        {
            return [.. exception.Errors.Select(e => $"{e.Path}: {e.Problem} here; the gateway must have it")];
        }
    }

    private static string MergedOnDisk(string path)
    {
        try
        {
            return MergedOf(path, new FilesRead());
        }
        catch (ConfigurationException)
        {
            // Going back is the way out of a file that cannot be read.
            return "";
        }
    }

    private static string MergedOf(string path, FilesRead files) =>
        WrittenSecrets.Masked(ReadableJson.Of(ConfigurationFile.Read(path, files))!);

    /// <summary>Whoever reads the file sees the old text or the new one. A link is followed: it stays a link.</summary>
    private static void Replace(string path, string text)
    {
        var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var half = $"{real}.{Environment.ProcessId}.half";
        File.WriteAllText(half, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(half, File.GetUnixFileMode(real));
        }

        File.Move(half, real, overwrite: true);
    }
}
