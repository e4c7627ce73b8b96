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
            texts may be references with a default: `env:NAME:-default`.

            `extends` merges objects by key, replaces arrays, and removes what is `null`. The shipped contract `aegis-core.sluice.json` can be named without a file.
            What a file lists under `fixed` no heir may change, remove or replace, by whatever way; errors name the file that has them.

            ## Reload and history

            A running gateway takes changes over within a second: of the file, of those it extends, and of files that hold its secrets; `POST /admin/reload` on
            the operators' port does it at once (`x-sluice-actor` says who, the body `{"because": "…"}` why). Everything is live, and counters, breakers and holds
            go on; only `ledger.ringSlots` is for a new data directory, as the log says then. A call keeps the configuration it began with to its end. A configuration that cannot be
            used changes nothing: the last good one stays in force, and log, `/readyz`, `/admin/status` and the metrics `sluice.config.rejected` and
            `sluice.config.reloads` say so. A file that is half written is given a second.

            Each configuration that came into force is a revision, counted over restarts, and the one that receipts name. The data directory keeps the last 1,000, and
            refused ones with their errors: who (of a changed file its owner, where the system is Linux), when, why, what changed, and the texts. What looks like
            a secret in them is left out.

            ```console
            $ sluice config history                        # who, when, what changed; --json
            $ sluice config show 12                        # with everything it extends; --files for its texts
            $ sluice config diff                           # what is on disk against what is in force; also: diff 12 14
            $ sluice config rollback 12 --because "…" --yes   # puts its files back; without --yes it shows what would change
            ```

            Going back writes the files of that revision in place, each at once, and a running gateway takes them up; if it refuses, they are put back. It is refused
            beforehand where the result could not be used or a file has no place any more. A text that no revision has is kept beside as `FILE.replaced-TIME`.

            ## Failure classes

            For `fallback` and `alsoFailOver`: 
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
