using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

/// <summary>Every documented option has a test that shows that it changes what happens.</summary>
public sealed partial class OptionTests
{
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

        options.Except(marked).ShouldBeEmpty("no test is marked with [ChangesBehaviour] for these");
        marked.Except(options).ShouldBeEmpty("no such options");
    }

    [GeneratedRegex(@"\[ChangesBehaviour\((?<names>[^)]*)\)\]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marks();

    [GeneratedRegex("\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
