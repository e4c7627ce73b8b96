using System.Buffers;
using System.Collections.Concurrent;
using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>
/// Holds source against the rules. Files are searched for the rules' words first; only those that have one are taken apart, so most of a repository costs a
/// read and a search.
/// </summary>
internal sealed class SourceScan(RepositoryModel model, RuleBook rules, IReadOnlyList<ILanguage> languages)
{
    private readonly Dictionary<string, SearchValues<string>> needles = Ecosystem
        .All.Append("")
        .ToDictionary(
            e => e,
            e => SearchValues.Create([.. rules.Needles(e), .. Aliases(e, model, rules)], StringComparison.OrdinalIgnoreCase),
            StringComparer.Ordinal
        );

    private int files;

    /// <summary>How many files were read.</summary>
    public int Files => files;

    public IReadOnlyCollection<Finding> Run(
        IReadOnlyList<RepositoryFile> all,
        ConcurrentQueue<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        var found = new ConcurrentQueue<Finding>();
        Parallel.ForEach(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            file => Scan(file, found, problems)
        );
        return found;
    }

    private void Scan(RepositoryFile file, ConcurrentQueue<Finding> found, ConcurrentQueue<Problem> problems)
    {
        var language = Language(file.Path);
        if (language is null || IsSluices(file.Path))
        {
            return;
        }

        var text = TextReading.Read(file, out var problem);
        if (text is null)
        {
            problems.Enqueue(problem!);
            return;
        }

        Interlocked.Increment(ref files);
        if (!text.AsSpan().ContainsAny(needles[language.Ecosystem]))
        {
            return;
        }

        var mentions = new List<Mention>();
        language.Read(file.Path, text, mentions);
        var context = file.Context == FileContext.Source && FileContexts.SaysGenerated(text) ? FileContext.Generated : file.Context;
        var unit = model.UnitOf(file.Path, language.Ecosystem);
        var seen = new HashSet<(int Line, string Rule, string Kind)>();
        foreach (var mention in mentions)
        {
            if (Match(mention, language.Ecosystem, unit) is var (rule, kind, what) && seen.Add((mention.Line, rule.Id, kind)))
            {
                var here = context == FileContext.Source && mention.InTest ? FileContext.Test : context;
                found.Enqueue(
                    new Finding(file.Path, mention.Line, rule.Id, kind, what, here, rule.Severity, rule.Instead) { Unit = unit?.Name ?? "" }
                );
            }
        }
    }

    private (Rule Rule, string Kind, string What)? Match(Mention mention, string ecosystem, Unit? unit)
    {
        var what = mention.What;
        switch (mention.Kind)
        {
            case MentionKind.Import when ecosystem.Length > 0:
                var (name, isOwn) = Resolve(what, ecosystem, unit);
                return !isOwn && rules.Module(ecosystem, name) is { } module ? (module, FindingKind.Import, what) : null;
            case MentionKind.Type when ecosystem.Length > 0:
                return rules.Type(ecosystem, what) is { } type ? (type, FindingKind.Type, what) : null;
            case MentionKind.Call when ecosystem.Length > 0:
                return rules.Method(ecosystem, what) is { } method ? (method, FindingKind.Call, what) : null;
            case MentionKind.Chain:
                return rules.Binding(what.Split('.')) is { } binding ? (binding, FindingKind.Binding, what) : null;
            case MentionKind.Text:
                return rules.Text(mention.Name, what) is { } text ? (text, FindingKind.Text, what)
                    : rules.Host(what) is { } host ? (host.Rule, FindingKind.Host, host.Host)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Names under which units know what a rule knows: source that uses one need not say the other.</summary>
    private static IEnumerable<string> Aliases(string ecosystem, RepositoryModel model, RuleBook rules) =>
        model
            .Units.Where(u => u.Ecosystem == ecosystem)
            .SelectMany(u => u.Dependencies)
            .Where(d => d.Alias is { Length: > 0 } && rules.Package(ecosystem, d.Name) is not null)
            .Select(d => d.Alias!);

    /// <summary>What a module is called at its registry, when its unit calls it otherwise; and whether it is one of ours.</summary>
    private (string Name, bool IsOwn) Resolve(string module, string ecosystem, Unit? unit)
    {
        var separator = RuleBook.Separator(ecosystem);
        foreach (var dependency in unit?.Dependencies ?? [])
        {
            var called = dependency.Alias ?? dependency.Name;
            called = ecosystem == Ecosystem.Cargo ? called.Replace('-', '_') : called;
            if (
                module == called
                || (module.StartsWith(called, StringComparison.Ordinal) && module.AsSpan(called.Length).StartsWith(separator))
            )
            {
                var name = ecosystem == Ecosystem.Cargo ? dependency.Name.Replace('-', '_') : dependency.Name;
                return (
                    dependency.Alias is null ? module : name + module[called.Length..],
                    dependency.IsLocal || model.IsOwn(ecosystem, dependency.Name)
                );
            }
        }

        for (var part = module; part.Length > 0; part = part[..Math.Max(0, part.LastIndexOf(separator, StringComparison.Ordinal))])
        {
            if (model.IsOwn(ecosystem, part))
            {
                return (module, true);
            }
        }

        return (module, false);
    }

    private ILanguage? Language(string path)
    {
        foreach (var language in languages)
        {
            if (language.Reads(path))
            {
                return language;
            }
        }

        return null;
    }

    /// <summary>The gate's own configuration names providers; that is what it is for.</summary>
    private static bool IsSluices(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name.SequenceEqual("sluice.json")
            || name.EndsWith(".sluice.json", StringComparison.Ordinal)
            || name.StartsWith("sluice.boundary", StringComparison.Ordinal);
    }
}
