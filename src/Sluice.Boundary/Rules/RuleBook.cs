using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Sluice.Boundary.Rules;

/// <summary>The rules that hold for one repository, ready to be asked.</summary>
internal sealed class RuleBook
{
    private readonly Dictionary<string, NameTable> packages = [];
    private readonly Dictionary<string, NameTable> modules = [];
    private readonly Dictionary<string, NameTable> types = [];
    private readonly Dictionary<string, NameTable> methods = [];
    private readonly HostPattern[] hosts;
    private readonly (string[] Parts, Rule Rule)[] bindings;
    private readonly (Regex Text, Rule Rule)[] texts;
    private readonly Dictionary<string, Rule> keys = new(StringComparer.Ordinal);

    public RuleBook(IEnumerable<Rule> rules)
    {
        Rules = [.. rules];
        foreach (var ecosystem in Ecosystem.All)
        {
            var names = Rules.Where(r => r.Names.ContainsKey(ecosystem)).Select(r => (Rule: r, Names: r.Names[ecosystem])).ToList();
            var packageCase = ecosystem is Ecosystem.NuGet or Ecosystem.PyPi or Ecosystem.Cargo
                ? StringComparer.OrdinalIgnoreCase
                : StringComparer.Ordinal;
            var separator = Separator(ecosystem);
            packages[ecosystem] = Table(
                names,
                n => n.Packages,
                n => Normalized(ecosystem, n),
                ecosystem == Ecosystem.Go ? "/" : "",
                packageCase
            );
            modules[ecosystem] = Table(
                names,
                n => n.Modules.Count > 0 ? n.Modules : n.Packages,
                n => ecosystem is Ecosystem.Cargo or Ecosystem.PyPi ? n.Replace('-', '_') : n,
                separator,
                StringComparer.Ordinal
            );
            types[ecosystem] = Table(names, n => n.Types, n => n, "", StringComparer.Ordinal);
            methods[ecosystem] = Table(names, n => n.Methods, n => n, "", StringComparer.Ordinal);
        }

        hosts = [.. Rules.SelectMany(r => r.Hosts.Select(h => new HostPattern(h, r)))];
        bindings = [.. Rules.SelectMany(r => r.Bindings.Select(b => (b.Split('.'), r)))];
        texts = [.. Rules.SelectMany(r => r.Texts.Select(t => (new Regex(t, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), r)))];
        foreach (var rule in Rules)
        {
            foreach (var key in rule.Keys)
            {
                keys[key] = rule;
            }
        }
    }

    public IReadOnlyList<Rule> Rules { get; }

    public IReadOnlyList<HostPattern> Hosts => hosts;

    public Rule? Package(string ecosystem, string name) => packages[ecosystem].Find(Normalized(ecosystem, name));

    /// <summary>By what source calls it; a part of a module belongs to it.</summary>
    public Rule? Module(string ecosystem, string name) => modules[ecosystem].Find(name);

    public Rule? Type(string ecosystem, string name) => types[ecosystem].Find(name);

    public Rule? Method(string ecosystem, string name) => methods[ecosystem].Find(name);

    public Rule? Key(string variable) => keys.TryGetValue(variable, out var rule) ? rule : null;

    /// <summary>The first provider host that stands in the text.</summary>
    public HostPattern? Host(string text)
    {
        foreach (var host in hosts)
        {
            if (host.IsIn(text))
            {
                return host;
            }
        }

        return null;
    }

    /// <summary>A member chain as source has it, <c>this.env.AI.run</c>; a rule's chain may be its end.</summary>
    public Rule? Binding(IReadOnlyList<string> chain)
    {
        foreach (var (parts, rule) in bindings)
        {
            var offset = chain.Count - parts.Length;
            if (offset >= 0 && parts.Select((p, i) => p == "*" || p == chain[offset + i]).All(same => same))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>A string that must not be written down, with the name it is assigned to.</summary>
    public Rule? Text(string? name, string text)
    {
        if (texts.Length == 0)
        {
            return null;
        }

        var written = $"{name}={text}";
        foreach (var (expression, rule) in texts)
        {
            if (expression.IsMatch(written))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>Words of which a source file of the ecosystem has at least one, if any rule can find something in it. Without regard to case.</summary>
    public IReadOnlyList<string> Needles(string ecosystem) =>
        [
            .. hosts
                .Select(h => h.Fragment)
                .Concat(Rules.SelectMany(r => r.Words))
                .Concat(bindings.Select(b => b.Parts.OrderByDescending(p => p.Length).First()))
                .Concat(
                    ecosystem.Length == 0
                        ? []
                        : new[] { modules, types, methods }.SelectMany(t => t[ecosystem].Names).Select(n => Significant(n, ecosystem))
                )
                .Where(n => n.Length > 1)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>Source may write a name in parts (<c>use a::{b}</c>), so only one of its parts is sure to be in the file.</summary>
    private static string Significant(string name, string ecosystem)
    {
        var separator = Separator(ecosystem);
        return ecosystem is Ecosystem.Npm or Ecosystem.Go
            ? name
            : name.Split([separator], StringSplitOptions.RemoveEmptyEntries).OrderByDescending(p => p.Length).FirstOrDefault() ?? "";
    }

    /// <summary>What stands between the parts of a module's name.</summary>
    public static string Separator(string ecosystem) =>
        ecosystem switch
        {
            Ecosystem.NuGet or Ecosystem.PyPi => ".",
            Ecosystem.Cargo => "::",
            _ => "/",
        };

    /// <summary>A package's name as its registry compares it.</summary>
    public static string Normalized(string ecosystem, string name) =>
        ecosystem switch
        {
            // https://packaging.python.org/en/latest/specifications/name-normalization/
            Ecosystem.PyPi => Regex.Replace(name, "[-_.]+", "-", RegexOptions.None, TimeSpan.FromSeconds(1)).ToLowerInvariant(),
            Ecosystem.Cargo => name.Replace('_', '-'),
            _ => name,
        };

    private static NameTable Table(
        IEnumerable<(Rule Rule, RuleNames Names)> rules,
        Func<RuleNames, IReadOnlyList<string>> names,
        Func<string, string> normalized,
        string separator,
        StringComparer comparer
    ) => new(rules.SelectMany(r => names(r.Names).Select(n => (normalized(n), r.Rule))), separator, comparer);
}
