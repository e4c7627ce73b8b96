using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

public sealed class DocumentationTests
{
    [Fact]
    public void ConfigurationPage_IsWhatTheTableSays()
    {
        var page = Repository.PathOf("docs/configuration.md");
        var expected = Write();
        if (Environment.GetEnvironmentVariable("SLUICE_ACCEPT") == "1")
        {
            File.WriteAllText(page, expected);
        }

        File.ReadAllText(page).ShouldBe(expected, "run with SLUICE_ACCEPT=1 to write the page anew");
    }

    [Fact]
    public void Schema_HasEveryMember()
    {
        using var schema = JsonDocument.Parse(ConfigurationSchema.Write());
        foreach (var (section, members) in ConfigurationMembers.Sections)
        {
            var place = section == "root" ? schema.RootElement : schema.RootElement.GetProperty("$defs").GetProperty(section);
            place.GetProperty("properties").EnumerateObject().Select(p => p.Name).ShouldBe(members.Select(m => m.Name));
        }
    }

    private static string Write()
    {
        var text = new StringBuilder(
            """
            # Configuration

            `sluice.json` is JSON with comments and trailing commas. Unknown members are errors, and all errors are reported at once. Durations are written
            `250ms`, `5s`, `10m`, `1h`; sizes `64KB`, `32MB`; secrets are references, `env:NAME` or `file:PATH`, and never stand in the file. Other
            texts may be references with a default: `env:NAME:-default`. A changed file is taken over while running; a bad one keeps the last good one.

            `extends` merges objects by key, replaces arrays, and removes what is `null`. The shipped contract `aegis-core.sluice.json` can be named without a file.

            Failure classes, for `fallback` and `alsoFailOver`: 
            """
        );
        text.AppendJoin(", ", Enum.GetNames<Sluice.Calls.FailureClass>().Select(n => $"`{n}`")).Append(".\n");
        foreach (var (section, members) in ConfigurationMembers.Sections)
        {
            text.Append($"\n## {(section == "root" ? "The file" : $"`{section}`")}\n\n| member | meaning | default |\n|---|---|---|\n");
            foreach (var member in members)
            {
                text.Append(
                    $"| `{member.Name}` | {member.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} | {(member.Default.Length == 0 ? "" : $"`{member.Default}`")} |\n"
                );
            }
        }

        return text.ToString();
    }
}
