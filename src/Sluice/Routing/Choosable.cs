using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Routing;

/// <summary>What may be chosen without anybody naming it: no model that is gone, none that somebody else is billed for, none whose price nobody knows.</summary>
internal static class Choosable
{
    /// <returns>Why it may not; <see langword="null"/> where it may.</returns>
    public static string? Refuse(Target target, DateTimeOffset now) =>
        target.Card.LifecycleAt(now) == ModelLifecycle.Retired ? $"{target.Name} is retired"
        : target.Card.BilledElsewhere ? $"{target.Name} is billed elsewhere"
        : target.Card.PriceAt(now) is null ? $"the price of {target.Name} is not known"
        : null;
}
