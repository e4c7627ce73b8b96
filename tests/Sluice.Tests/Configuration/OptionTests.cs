using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

/// <summary>Every documented option has a test that shows that it changes what happens.</summary>
public sealed partial class OptionTests
{
    /// <summary>Options whose tests are not marked yet. The list may only become shorter.</summary>
    private static readonly string[] Unmarked =
    [
        "route.order",
        "route.stickyBy",
        "route.affinity",
        "rule.when",
        "rule.use",
        "rule.because",
        "when.route",
        "when.role",
        "when.task",
        "when.key",
        "when.account",
        "when.tenant",
        "when.user",
        "when.tag",
        "when.tools",
        "when.images",
        "when.structured",
        "when.stream",
        "when.inputAbove",
        "when.inputBelow",
        "when.outputAbove",
        "when.budgetAbove",
        "when.budget",
        "root.policy",
        "model.retires",
        "model.billedElsewhere",
        "target.weight",
    ];

    [Fact]
    public void EveryOption_HasATestThatItChangesBehaviour()
    {
        var options = ConfigurationMembers.Sections.SelectMany(s => s.Value.Select(m => $"{s.Key}.{m.Name}")).ToHashSet();
        var marked = Directory
            .EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => Marks().Matches(File.ReadAllText(file)))
            .SelectMany(mark => Names().Matches(mark.Value))
            .Select(name => name.Groups["name"].Value)
            .ToHashSet();

        options.Except(marked).Except(Unmarked).ShouldBeEmpty("no test is marked with [ChangesBehaviour] for these");
        marked.Except(options).ShouldBeEmpty("no such options");
        Unmarked.Where(name => marked.Contains(name) || !options.Contains(name)).ShouldBeEmpty("to be taken off the list");
    }

    [GeneratedRegex(@"\[ChangesBehaviour\((?<names>[^)]*)\)\]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marks();

    [GeneratedRegex("\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
