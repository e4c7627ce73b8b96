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
        var found = new ConcurrentQueue<Candidate>();
        var declared = new ConcurrentDictionary<(string Ecosystem, string Name), bool>();
        Parallel.ForEach(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            file => Scan(file, found, declared, problems)
        );
        return [.. found.Where(c => !IsDeclared(c, declared)).Select(c => c.Finding)];
    }

    private void Scan(
        RepositoryFile file,
        ConcurrentQueue<Candidate> found,
        ConcurrentDictionary<(string Ecosystem, string Name), bool> declared,
        ConcurrentQueue<Problem> problems
    )
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
        var unit = model.UnitOf(file.Path, language.Ecosystem);
        var context =
            file.Context != FileContext.Source ? file.Context
            : FileContexts.SaysGenerated(text) ? FileContext.Generated
            : unit is { IsTest: true } && unit.Ecosystem == language.Ecosystem ? FileContext.Test
            : FileContext.Source;
        var seen = new HashSet<(int Line, string Rule, string Kind)>();
        foreach (var mention in mentions)
        {
            if (mention.Kind == MentionKind.Declaration)
            {
                // What others or programs wrote into the repository does not make a name its own.
                if (context is not (FileContext.Vendored or FileContext.Generated))
                {
                    declared.TryAdd((language.Ecosystem, mention.What), true);
                }
            }
            else if (Match(mention, language.Ecosystem, unit) is var (rule, kind, what) && seen.Add((mention.Line, rule.Id, kind)))
            {
                var here = context == FileContext.Source && mention.InTest ? FileContext.Test : context;
                var finding = new Finding(file.Path, mention.Line, rule.Id, kind, what, here, rule.Severity, rule.Instead)
                {
                    Unit = unit?.Name ?? "",
                };
                found.Enqueue(new Candidate(finding, mention, language.Ecosystem, unit));
            }
        }
    }

    private (Rule Rule, string Kind, string What)? Match(Mention mention, string ecosystem, Unit? unit)
    {
        var what = mention.What;
        switch (mention.Kind)
        {
            case MentionKind.Import or MentionKind.Path when ecosystem.Length > 0:
                var (name, isOwn, isAsked) = Resolve(what, ecosystem, unit);
                return
                    !isOwn
                    && rules.Module(ecosystem, name) is { } module
                    && (mention.Kind == MentionKind.Import || isAsked || Asks(unit, module))
                    ? (module, FindingKind.Import, what)
                    : null;
            case MentionKind.Package when ecosystem.Length > 0:
                return rules.Package(ecosystem, what) is { } package ? (package, FindingKind.Package, what) : null;
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
            .Select(d => RepositoryModel.ModuleName(ecosystem, d.Alias!));

    /// <summary>
    /// What a module is called at its registry, when its unit calls it otherwise; whether it is one of ours, and whether it is a package that the unit asks for.
    /// </summary>
    private (string Name, bool IsOwn, bool IsAsked) Resolve(string module, string ecosystem, Unit? unit)
    {
        var separator = RuleBook.Separator(ecosystem);
        foreach (var dependency in unit?.Dependencies ?? [])
        {
            var called = RepositoryModel.ModuleName(ecosystem, dependency.Alias ?? dependency.Name);
            if (
                module == called
                || (module.StartsWith(called, StringComparison.Ordinal) && module.AsSpan(called.Length).StartsWith(separator))
            )
            {
                var name = RepositoryModel.ModuleName(ecosystem, dependency.Name);
                var isOwn = dependency.IsLocal || model.IsOwnPackage(ecosystem, dependency.Name);
                return (dependency.Alias is null ? module : name + module[called.Length..], isOwn, !isOwn);
            }
        }

        for (var part = module; part.Length > 0; part = part[..Math.Max(0, part.LastIndexOf(separator, StringComparison.Ordinal))])
        {
            if (model.IsOwnModule(ecosystem, part))
            {
                return (module, !(rules.Module(ecosystem, module) is { } rule && Asks(unit, rule)), false);
            }
        }

        return (module, false, false);
    }

    /// <summary>
    /// True where namespaces are not packages and the unit asks for a package of the rule: then a name that could be either is the package's, and a namespace
    /// of one's own excuses nothing.
    /// </summary>
    private bool Asks(Unit? unit, Rule rule) =>
        unit?.Ecosystem == Ecosystem.NuGet
        && unit.Dependencies.Any(d => !d.IsLocal && rules.Package(unit.Ecosystem, d.Name)?.Id == rule.Id);

    /// <summary>The name stands for something that source of the repository itself makes.</summary>
    private bool IsDeclared(Candidate candidate, ConcurrentDictionary<(string Ecosystem, string Name), bool> declared)
    {
        var (finding, mention, ecosystem, unit) = candidate;
        if (
            declared.IsEmpty
            || mention.Kind is not (MentionKind.Import or MentionKind.Path or MentionKind.Type or MentionKind.Call)
            || rules.Rules.Any(r => r.Id == finding.Rule && Asks(unit, r))
        )
        {
            return false;
        }

        if (mention.Kind is MentionKind.Type or MentionKind.Call)
        {
            return declared.ContainsKey((ecosystem, mention.What));
        }

        for (var around = mention.Name ?? ""; ; around = around[..Math.Max(0, around.LastIndexOf('.'))])
        {
            // As the compiler looks: in the namespaces around it first, from the inside out.
            var full = around.Length == 0 ? mention.What : $"{around}.{mention.What}";
            for (var part = full; part.Length > around.Length; part = part[..Math.Max(0, part.LastIndexOf('.'))])
            {
                if (declared.ContainsKey((ecosystem, part)))
                {
                    return true;
                }
            }

            if (around.Length == 0)
            {
                return false;
            }
        }
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

    /// <summary>A finding, unless it turns out that the name is the repository's own.</summary>
    private readonly record struct Candidate(Finding Finding, Mention Mention, string Ecosystem, Unit? Unit);
}
