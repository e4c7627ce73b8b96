using System.Text;

namespace Sluice.Catalog;

/// <summary>Where a vendor of Chat Completions reports what the wire itself has no name for. The wire's own names always hold.</summary>
internal sealed class UsageMembers
{
    public static UsageMembers Standard { get; } = new([], reasoningBeside: false);

    private const string ReasoningOfTheWire = "usage.completion_tokens_details.reasoning_tokens";

    /// <param name="members">What is reported, with its path from the root of an answer.</param>
    /// <param name="reasoningBeside">Whether output is counted without reasoning; <see langword="null"/> leaves it to the total.</param>
    public UsageMembers(IReadOnlyList<(UsageFigure Figure, string Path)> members, bool? reasoningBeside)
    {
        ReasoningBeside = reasoningBeside;
        WireReasoningBeside = reasoningBeside == true ? members.Contains((UsageFigure.Reasoning, ReasoningOfTheWire)) : reasoningBeside;
        Paths = members;
        foreach (var (figure, path) in members)
        {
            var names = path.Split('.');
            var inUsage = names.Length > 1 && names[0] == "usage";
            (inUsage ? Inside : Outside).Add(UsageMember.Of(figure, inUsage ? names[1..] : names));
        }
    }

    /// <summary>As the row says it.</summary>
    public IReadOnlyList<(UsageFigure Figure, string Path)> Paths { get; }

    /// <summary>Output is counted without the reasoning at the row's places, which is beside it; where nobody says so, the total tells.</summary>
    public bool? ReasoningBeside { get; }

    /// <summary>The same of the reasoning at the wire's own place: beside only where the row names that, too.</summary>
    public bool? WireReasoningBeside { get; }

    /// <summary>Members of the usage object.</summary>
    public List<UsageMember> Inside { get; } = [];

    /// <summary>Members of the answer itself.</summary>
    public List<UsageMember> Outside { get; } = [];

    /// <summary>What any of these says beside the wire's own figures: for a vendor that is not known.</summary>
    public static UsageMembers Any(IEnumerable<UsageMembers> vendors) =>
        new(
            [.. vendors.SelectMany(v => v.Paths).Where(p => p.Figure is not (UsageFigure.Input or UsageFigure.Output)).Distinct()],
            reasoningBeside: null
        );
}

/// <summary>A place that is compared with names as they stand in an answer.</summary>
/// <param name="Figure">What stands there.</param>
/// <param name="Name">The member.</param>
/// <param name="Within">The member of the object that is its value; <see langword="null"/> where it is itself the value.</param>
internal sealed record UsageMember(UsageFigure Figure, byte[] Name, byte[]? Within)
{
    public static UsageMember Of(UsageFigure figure, string[] names) =>
        names.Length <= 2
            ? new UsageMember(figure, Encoding.UTF8.GetBytes(names[0]), names.Length == 2 ? Encoding.UTF8.GetBytes(names[1]) : null)
            : throw new InvalidDataException($"'{string.Join('.', names)}' stands too deep");
}

internal enum UsageFigure
{
    /// <summary>A whole usage object.</summary>
    Whole,

    /// <summary>Input that is billed, in place of what the wire's own member counts.</summary>
    Input,

    /// <summary>Output that is billed, in place of what the wire's own member counts.</summary>
    Output,
    CacheRead,
    CacheWrite,
    Reasoning,
    WebSearches,

    /// <summary>US dollars.</summary>
    Cost,
}
