using System.Collections.Immutable;

namespace Sluice.Calls;

/// <summary>What passes to a provider unread, and what a call of it costs.</summary>
internal sealed record PassRules
{
    /// <summary>Everything passes and no price is known.</summary>
    public static PassRules Open { get; } = new();

    /// <summary>Whether anything passes at all.</summary>
    public bool Allowed { get; init; } = true;

    public ImmutableArray<PassRule> Rules { get; init; } = [];

    /// <summary>The rule of a call: the one that names most of its path, and of two such the one that names the method.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The segments below the provider's base address.</param>
    public PassRule? Find(string method, IReadOnlyList<string> path) =>
        Rules
            .Where(rule => rule.Fits(method, path))
            .OrderByDescending(rule => rule.Named)
            .ThenByDescending(rule => rule.Method is not null)
            .FirstOrDefault();
}

/// <summary>The price of some calls.</summary>
/// <param name="Method">The HTTP method; <see langword="null"/> for every one.</param>
/// <param name="Path">Its segments: <c>*</c> stands for one, and at the end for all that follow.</param>
/// <param name="Price">What a call costs, in dollars; <see langword="null"/> where it is not known.</param>
/// <param name="Shared">Whether what it names belongs to all keys.</param>
internal sealed record PassRule(string? Method, ImmutableArray<string> Path, decimal? Price, bool Shared)
{
    /// <summary>How many segments it names.</summary>
    public int Named => Path.Count(segment => segment != "*");

    public bool Fits(string method, IReadOnlyList<string> path)
    {
        if (Method is not null && Method != method)
        {
            return false;
        }

        var open = Path[^1] == "*";
        if (open ? path.Count < Path.Length : path.Count != Path.Length)
        {
            return false;
        }

        for (var i = 0; i < Path.Length; i++)
        {
            if (Path[i] != "*" && Path[i] != path[i])
            {
                return false;
            }
        }

        return true;
    }
}
