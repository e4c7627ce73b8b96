using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Ledger.Chain;

/// <summary>What the chain was at a moment, said outside of it.</summary>
/// <param name="Sequence">The last entry then.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record LedgerAnchor(long Sequence, string Hash, DateTimeOffset At)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Hash} at {At:yyyy-MM-ddTHH:mm:ssZ}");
}

/// <summary>The file of anchors beside a ledger: a chain whose end was cut off is whole in itself, and only this knows better.</summary>
/// <remarks>A line of JSON each. A line is written when the store has the entry for good, so that no power cut leaves one too many.</remarks>
internal sealed class LedgerAnchors(string path)
{
    public string Path => path;

    public void Add(LedgerAnchor anchor)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(anchor, AnchorJson.Default.LedgerAnchor));
        file.Write("\n"u8);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Forgets anchors of entries that are kept no longer.</summary>
    /// <param name="first">The first entry that is kept.</param>
    public void ForgetBefore(long first)
    {
        var (anchors, _) = Read();
        var kept = anchors.Where(a => a.Sequence >= first).ToList();
        if (kept.Count == anchors.Count)
        {
            return;
        }

        var next = path + ".new";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            foreach (var anchor in kept)
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(anchor, AnchorJson.Default.LedgerAnchor));
                file.Write("\n"u8);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>All anchors in the order they were written, and the numbers of lines that are none. A last line without an end was being written.</summary>
    public (IReadOnlyList<LedgerAnchor> Anchors, IReadOnlyList<int> Damaged) Read()
    {
        var (anchors, damaged) = (new List<LedgerAnchor>(), new List<int>());
        if (!File.Exists(path))
        {
            return (anchors, damaged);
        }

        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var lines = file.ReadToEnd().Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            if (Parse(lines[i]) is { } anchor)
            {
                anchors.Add(anchor);
            }
            else
            {
                damaged.Add(i + 1);
            }
        }

        return (anchors, damaged);
    }

    private static LedgerAnchor? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AnchorJson.Default.LedgerAnchor) is { Hash.Length: 64, Sequence: > 0 } anchor
                ? anchor
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(LedgerAnchor))]
internal sealed partial class AnchorJson : JsonSerializerContext;
