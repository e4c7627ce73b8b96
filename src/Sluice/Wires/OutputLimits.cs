using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The members that limit the output of one answer, under either name; where both are there, the first of this list counts.</summary>
internal static class OutputLimits
{
    private static readonly string[] Names = ["max_completion_tokens", "max_tokens"];

    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>The limit of a request; a negative one, by which some clients mean none, is none.</summary>
    public static long? Of(JsonMembers members) => Counting(members) is { } member ? Count(members, member) : null;

    /// <summary>The member that says the limit.</summary>
    public static MemberSpan? Counting(JsonMembers members)
    {
        MemberSpan? fallback = null;
        foreach (var name in Names)
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

    /// <summary>The limit that policy fixes for a target.</summary>
    public static long? Of(Target target)
    {
        foreach (var name in Names)
        {
            if (target.Parameters.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number)
            {
                return value.GetInt64();
            }
        }

        return null;
    }

    private static long? Count(JsonMembers members, MemberSpan member) =>
        JsonText.Int64(members.Body.Span[member.ValueStart..member.End]) is { } count and >= 0 ? count : null;
}
