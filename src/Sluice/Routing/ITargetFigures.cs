using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>What an order knows of targets by their traffic.</summary>
internal interface ITargetFigures
{
    /// <summary>Attempts under way.</summary>
    int InFlight(Target target);

    /// <summary>Until the first content of a stream, or the end of a whole answer: a moving average; <see langword="null"/> where nothing is known.</summary>
    TimeSpan? Latency(Target target, bool stream);

    /// <summary>Whether it is time to find out what is not known of it; true once in a while.</summary>
    bool TryExplore(Target target);

    /// <summary>The same as far as it can be said without taking the turn.</summary>
    bool MayExplore(Target target);
}
