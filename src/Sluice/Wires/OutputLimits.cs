using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The members that limit the output of one answer, under either name; where both are there, the first of the list counts.</summary>
internal static class OutputLimits
{
    /// <summary>The names of Chat Completions, of which Messages has the second.</summary>
    public static ReadOnlySpan<string> OfChat => Names;

    private static readonly string[] Names = ["max_completion_tokens", "max_tokens"];

    /// <summary>The limit of a request; a negative one, by which some clients mean none, is none.</summary>
    public static long? Of(JsonMembers members, ReadOnlySpan<string> names) =>
        Counting(members, names) is { } member ? Count(members, member) : null;

    /// <summary>The member that says the limit.</summary>
    public static MemberSpan? Counting(JsonMembers members, ReadOnlySpan<string> names)
    {
        MemberSpan? fallback = null;
        foreach (var name in names)
        {
            if (members.Find(name) is { } member)
            {
                if (Count(members, member) is not null)
                {
                    return member;
                }

                fallback ??= member;
            }
        }

        return fallback;
    }

    /// <summary>The limit that policy fixes for a target, under the vendor's name or another of its wire.</summary>
    public static long? Of(Target target)
    {
        foreach (var path in (ReadOnlySpan<string>)[target.Provider.Dialect.OutputLimit, .. Names])
        {
            if (Fixed(target, path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count >= 0)
            {
                return count;
            }
        }

        return null;
    }

    private static JsonElement? Fixed(Target target, string path) =>
        path.Split('.', 2) is [var parent, var name]
            ? target.Parameters.TryGetValue(parent, out var inside)
                ? inside.Get(name)
                : null
            : target.Parameters.TryGetValue(path, out var value)
                ? value
                : null;

    private static long? Count(JsonMembers members, MemberSpan member) =>
        JsonText.Int64(members.Body.Span[member.ValueStart..member.End]) is { } count and >= 0 ? count : null;
}
