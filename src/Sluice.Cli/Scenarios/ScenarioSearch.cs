using Sluice.Cli.Scenarios.Files;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios;

/// <summary>Finds scenario files, and reads all of them before any is run.</summary>
internal static class ScenarioSearch
{
    private const string Ending = ".scenario.json";

    /// <param name="places">Files and directories, each with the beginning of its path that users are not shown.</param>
    /// <exception cref="UserException">A place does not exist, or there is nothing in it.</exception>
    /// <exception cref="ConfigurationException">Files cannot be used; all that is wrong with all of them is said.</exception>
    public static IReadOnlyList<Scenario> Find(IEnumerable<(string Path, string Hidden)> places)
    {
        var scenarios = new List<Scenario>();
        var errors = new List<ConfigurationError>();
        foreach (var (file, hidden) in places.SelectMany(p => FilesIn(p.Path).Select(f => (f, p.Hidden))))
        {
            try
            {
                var full = Path.GetFullPath(file);
                scenarios.AddRange(ScenarioFile.Read(full, Path.GetRelativePath(hidden, full)));
            }
            catch (ConfigurationException exception)
            {
                errors.AddRange(exception.Errors);
            }
        }

        return errors.Count > 0 ? throw new ConfigurationException(errors) : scenarios;
    }

    private static IEnumerable<string> FilesIn(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new UserException($"{path} is neither a file nor a directory");
        }

        var found = Directory.GetFiles(path, "*" + Ending, SearchOption.AllDirectories);
        return found.Length > 0
            ? found.Order(StringComparer.Ordinal)
            : throw new UserException($"no file in {path} ends in {Ending}; `sluice verify --help` says how to begin");
    }
}
