using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Json;

namespace Sluice.Attempts;

/// <summary>Moves headers of the wire into the body, for vendors that take them there.</summary>
internal static class HeaderMembers
{
    /// <summary>The target with the members that its headers become, and the headers that are left.</summary>
    public static (Target Target, IReadOnlyList<KeyValuePair<string, string>> Headers) Move(
        Target target,
        RequestHead head,
        IReadOnlyList<KeyValuePair<string, string>> headers
    )
    {
        var moved = target.Provider.Dialect.HeaderMembers;
        if (moved.Count == 0 || headers.Count == 0)
        {
            return (target, headers);
        }

        var parameters = target.Parameters;
        foreach (var (header, member) in moved)
        {
            var values = headers.Where(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
            // What stands in the body already was said by the caller as well, and closer to the vendor.
            if (values.Count > 0 && head.Members.Find(member) is null && !parameters.ContainsKey(member))
            {
                parameters = parameters.Add(member, ListOf(values));
            }
        }

        return (
            target with
            {
                Parameters = parameters,
            },
            [.. headers.Where(h => !moved.Keys.Contains(h.Key, StringComparer.OrdinalIgnoreCase))]
        );
    }

    private static JsonElement ListOf(IEnumerable<string> values)
    {
        var names = values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        using var document = JsonDocument.Parse((byte[])[.. "["u8, .. Joined(names), .. "]"u8]);
        return document.RootElement.Clone();
    }

    private static IEnumerable<byte> Joined(IEnumerable<string> names) =>
        names.SelectMany((name, i) => i == 0 ? JsonText.Quote(name) : [(byte)',', .. JsonText.Quote(name)]);
}
