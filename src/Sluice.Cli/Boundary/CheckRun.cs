using System.Globalization;
using System.Reflection;
using Sluice.Boundary;
using Sluice.Boundary.Baselines;
using Sluice.Boundary.Reports;
using Sluice.Boundary.Rules;

namespace Sluice.Cli.Boundary;

/// <summary>How to say what was found.</summary>
internal enum CheckFormat
{
    Text,
    Json,
    Sarif,
    GitHub,
}

/// <summary>What to do with a baseline.</summary>
internal enum BaselineUse
{
    Compare,
    Record,
    Shrink,
    Ignore,
}

/// <summary>One run of `sluice check` over one or more repositories.</summary>
internal sealed class CheckRun(CheckFormat format, string? output, BaselineUse use)
{
    public int Run(IReadOnlyList<string> roots, CancellationToken cancellationToken)
    {
        var reports = new List<CheckReport>();
        var shipped = ShippedRules.Read();
        foreach (var root in roots.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
        {
            if (!Directory.Exists(root))
            {
                throw new UserException($"{root}: there is no such folder; name the folder of a repository");
            }

            var report = BoundaryCheck.Run(root, shipped, cancellationToken);
            reports.Add(WithBaseline(report));
        }

        Write(reports);
        return reports.Any(r => r.Violations > 0) ? ExitCode.Failed
            : reports.Any(r => r.IsIncomplete) ? ExitCode.Refused
            : ExitCode.Done;
    }

    private CheckReport WithBaseline(CheckReport report)
    {
        var path = Path.Combine(report.Root, Baseline.FileName);
        if (use == BaselineUse.Record)
        {
            return Record(report, path);
        }

        if (use == BaselineUse.Ignore || !File.Exists(path))
        {
            return use == BaselineUse.Shrink
                ? throw new UserException($"{path}: there is no baseline to shrink; record one with --baseline")
                : report;
        }

        var compared = report.Against(Baseline.Read(File.ReadAllText(path), path));
        if (use == BaselineUse.Shrink && compared.Gone > 0)
        {
            Save(Baseline.Of(compared.Known), path);
            Console.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{path}: {compared.Gone} gone, {compared.Known.Count} left")
            );
            return compared with { Gone = 0 };
        }

        return compared;
    }

    /// <summary>A baseline is recorded once; what would make one grow afterwards is refused.</summary>
    private static CheckReport Record(CheckReport report, string path)
    {
        var today = Baseline.Of(report.Findings);
        if (File.Exists(path) && report.Against(Baseline.Read(File.ReadAllText(path), path)).Violations is > 0 and var more)
        {
            throw new UserException(
                $"{path}: a baseline only shrinks, and {more.ToString(CultureInfo.InvariantCulture)} violations are not in it; mend them, or allow them "
                    + $"in {BoundaryFile.Name} and say why (to begin anew, delete the file)"
            );
        }

        Save(today, path);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {today.Count} violations recorded"));
        return report.Against(today);
    }

    private static void Save(Baseline baseline, string path)
    {
        var beside = path + ".new";
        using (var stream = File.Create(beside))
        {
            baseline.Write(stream);
        }

        File.Move(beside, path, overwrite: true);
    }

    private void Write(List<CheckReport> reports)
    {
        using var file = output is null ? null : File.Create(output);
        using var stream = file ?? Console.OpenStandardOutput();
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        switch (format)
        {
            case CheckFormat.Json:
                JsonReport.Write(stream, reports);
                break;
            case CheckFormat.Sarif:
                SarifReport.Write(stream, reports, Version);
                break;
            case CheckFormat.GitHub:
                foreach (var report in reports)
                {
                    GitHubReport.Write(writer, report, FolderFromHere(report.Root));
                }

                break;
            default:
                TextReport.Write(writer, reports);
                break;
        }

        if (output is not null)
        {
            TextReport.WriteTotal(Console.Out, reports);
        }
    }

    private static string Version =>
        typeof(CheckRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Annotations name files from the folder in which the workflow runs.</summary>
    private static string FolderFromHere(string root)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), root).Replace('\\', '/');
        return relative == "." ? "" : relative + "/";
    }
}
