using Sluice.Boundary.Rules;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Rules;

/// <summary>A workspace that says every name of every rule once: whoever takes a name or a rule away is told, and so is who adds one without evidence.</summary>
public sealed class EveryNameTests
{
    private static readonly IReadOnlyList<Rule> Shipped = ShippedRules.Read();

    private static readonly CheckReport Report = Check(Shipped);

    public static TheoryData<string> Rules => [.. Shipped.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryName_OfTheRule_IsFoundInItsEcosystem(string id)
    {
        var rule = Shipped.Single(r => r.Id == id);
        var found = Report.Findings.Where(f => f.Rule == id).ToLookup(f => (Folder(f), f.Kind), f => f.What);
        var missing = new List<string>();
        foreach (var (ecosystem, names) in rule.Names)
        {
            Miss(names.Packages, FindingKind.Package);
            Miss(names.Modules, FindingKind.Import);
            Miss(names.Types, FindingKind.Type);
            Miss(names.Methods, FindingKind.Call);

            void Miss(IReadOnlyList<string> wanted, string kind) =>
                missing.AddRange(wanted.Where(n => !found[(ecosystem, kind)].Any(w => Says(w, n))).Select(n => $"{ecosystem} {kind} {n}"));
        }

        missing.AddRange(rule.Hosts.Where(h => !found[("npm", FindingKind.Host)].Contains(h)));
        missing.AddRange(rule.Bindings.Where(b => !found[("npm", FindingKind.Binding)].Contains(b)));
        missing.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_TakenAway_IsMissed(string id) =>
        Check([.. Shipped.Where(r => r.Id != id)]).Findings.Count.ShouldBeLessThan(Report.Findings.Count);

    [Fact]
    public void EveryText_OfTheRules_IsFound()
    {
        foreach (var (rule, text) in Shipped.SelectMany(r => r.Texts.Select(t => (Rule: r, Text: t))))
        {
            var less = Shipped.Select(r => r == rule ? r with { Texts = [.. r.Texts.Where(t => t != text)] } : r);
            Check([.. less]).Findings.ShouldNotBe(Report.Findings, text);
        }
    }

    private static bool Says(string what, string name) =>
        name.EndsWith('*')
            ? what.StartsWith(name[..^1], StringComparison.Ordinal)
            : what == name
                || what.StartsWith(name + "::", StringComparison.Ordinal)
                || what.StartsWith(name + ".", StringComparison.Ordinal);

    private static string Folder(Finding finding) => finding.File.Split('/')[0];

    private static CheckReport Check(IReadOnlyList<Rule> rules) =>
        BoundaryCheck.Run(Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces/every-name"), rules);
}
