using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Configuration.Revisions;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>A revision of the configuration as commands show it.</summary>
internal static class RevisionText
{
    public static JsonObject Json(Revision revision, long? inForce) =>
        new()
        {
            ["revision"] = revision.Number,
            ["at"] = revision.At,
            ["who"] = revision.Cause.Who,
            ["because"] = revision.Cause.Because,
            ["refused"] = revision.Refused,
            ["inForce"] = revision.Number == inForce,
            ["changes"] = RevisionContent.Write(revision.Changes),
            ["errors"] = new JsonArray([.. revision.Errors.Select(e => (JsonNode)e)]),
            ["files"] = new JsonArray([.. revision.Files.Select(f => (JsonNode)f.Path)]),
        };

    public static string Line(Revision revision, long? inForce)
    {
        var what =
            revision.Refused ? $"refused, {Count(revision.Errors.Length, "error")}"
            : revision.Changes.IsEmpty ? "no change of meaning"
            : Count(revision.Changes.Length, "change");
        return $"{revision.Number}{(revision.Number == inForce ? " (in force)" : "")}  {At(revision)}  {revision.Cause.Who}  {what}"
            + (revision.Cause.Because is { } because ? $"  \"{because}\"" : "");
    }

    /// <summary>The changes or errors, one to a line.</summary>
    public static IEnumerable<string> Details(Revision revision) =>
        revision.Refused ? revision.Errors.Select(e => $"  ! {e.ReplaceLineEndings(" ")}") : Lines(revision.Changes);

    public static IEnumerable<string> Lines(IEnumerable<ConfigurationChange> changes) => changes.Select(c => $"  {c}");

    private static string At(Revision revision) => revision.At.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
