using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Catalog;

namespace Sluice.Cli.Commands;

/// <summary>`sluice providers`: the vendors whose ways are known.</summary>
internal static class ProvidersCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Only vendors with this in their name.", Arity = ArgumentArity.ZeroOrOne };
        var wire = new Option<string?>("--wire") { Description = "Only those of this protocol.", HelpName = "WIRE" };
        var feature = new Option<string?>("--feature") { Description = "Only those that can be asked for this.", HelpName = "FEATURE" };
        var json = SharedOptions.Json();
        var command = new Command("providers", "List the vendors that need no more than a key.") { name, wire, feature, json };
        command.SetAction(parsed =>
        {
            var asked = Features(parsed.GetValue(feature));
            var rows = CatalogData
                .Dialects()
                .Values.Where(d => parsed.GetValue(name) is not { } part || Answers(d, part))
                .Where(d => parsed.GetValue(wire) is not { } kind || WireName.Of(d.Wire) == kind)
                .Where(d => (d.Features & asked) == asked)
                .OrderBy(d => d.Name, StringComparer.Ordinal)
                .ToList();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. rows.Select(d => (JsonNode)Describe(d))]).ToJsonString());
            }
            else
            {
                TextTable.Print(["provider", "wire", "key", "address"], rows.Select(Cells));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static bool Answers(Dialect dialect, string part) =>
        dialect.Aliases.Prepend(dialect.Name).Any(n => n.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="UserException">No feature has this name.</exception>
    public static Feature Features(string? name)
    {
        try
        {
            return name is null ? Feature.None : FeatureTable.Parse([name]);
        }
        catch (InvalidDataException)
        {
            throw new UserException($"there is no feature '{name}'; known are {string.Join(", ", FeatureTable.NamesOf(Feature.All))}");
        }
    }

    private static string[] Cells(Dialect dialect) =>
        [dialect.Name, WireName.Of(dialect.Wire), KeyOf(dialect), $"{dialect.BaseUrl}{dialect.Path}"];

    private static string KeyOf(Dialect dialect) =>
        dialect.KeyVariables.Count == 0 ? "none"
        : dialect.KeyVariables.FirstOrDefault(v => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v))) is { } set ? $"{set} (set)"
        : dialect.KeyVariables[0];

    private static JsonObject Describe(Dialect dialect) =>
        new()
        {
            ["name"] = dialect.Name,
            ["aliases"] = Texts(dialect.Aliases),
            ["wire"] = WireName.Of(dialect.Wire),
            ["baseUrl"] = dialect.BaseUrl,
            ["path"] = dialect.Path,
            ["auth"] = AuthName.Of(dialect.Auth),
            ["login"] = LoginName.Of(dialect.Login),
            ["keys"] = Texts(dialect.KeyVariables),
            ["variables"] = Texts(dialect.Variables.Keys),
            ["features"] = Texts(FeatureTable.NamesOf(dialect.Features)),
            ["drops"] = Texts(dialect.Drops),
            ["local"] = dialect.Local,
            ["checked"] = dialect.Checked.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["source"] = dialect.Source,
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
