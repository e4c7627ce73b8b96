using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Whether a target is fit for what is asked, as far as its card says it; where no other is, it is asked all the same.</summary>
/// <remarks>Only what cannot be done otherwise counts: a picture nobody sees, a tool nobody calls, a text that finds no room.</remarks>
internal static class Fitness
{
    /// <returns>Why it is passed over; <see langword="null"/> where it is not.</returns>
    public static Misfit? Of(Target target, Route route, ClientRequest request, Itinerary itinerary, DateTimeOffset now)
    {
        if (route.Order != TargetOrder.Listed && Choosable.Refuse(target, now) is { } reason)
        {
            return new Misfit(
                "lifecycle",
                $"{reason}: it is never chosen by itself; list it in a route without an order, or name it",
                FailureClass.ModelUnavailable
            );
        }

        var features = request.Features;
        if (features.Images > 0 && Lacks(target, Feature.Images, itinerary))
        {
            return new Misfit("capability", "it sees no images, and another target does", FailureClass.ModelUnavailable);
        }

        if (features.Tools && Lacks(target, Feature.Tools, itinerary))
        {
            return new Misfit("capability", "it calls no tools, and another target does", FailureClass.ModelUnavailable);
        }

        if (features.Stream && Lacks(target, Feature.Stream, itinerary))
        {
            return new Misfit("capability", "it does not stream, and another target does", FailureClass.ModelUnavailable);
        }

        if (request.LackingAt(target) is { } tool && RunsElsewhere(request, itinerary))
        {
            return new Misfit(
                "capability",
                $"it does not run {tool.Type} as it is asked for, and another target does",
                FailureClass.ModelUnavailable
            );
        }

        var window = target.Card.ContextWindow;
        return
            itinerary.Follows(FailureClass.ContextTooLong)
            && request.MayBeLonger(window)
            && request.InputTokens > window
            && itinerary.Following(FailureClass.ContextTooLong).Any(t => t.Card.ContextWindow > window)
            ? new Misfit(
                "context",
                $"about {request.InputTokens} tokens find no room in its window of {window}, and another target has a larger one",
                FailureClass.ContextTooLong
            )
            : null;
    }

    private static bool Lacks(Target target, Feature feature, Itinerary itinerary) =>
        !target.Can(feature) && itinerary.Following(FailureClass.ModelUnavailable).Any(t => t.Provider.Missing is null && t.Can(feature));

    private static bool RunsElsewhere(ClientRequest request, Itinerary itinerary) =>
        itinerary.Following(FailureClass.ModelUnavailable).Any(t => t.Provider.Missing is null && request.LackingAt(t) is null);
}

/// <summary>Why a target is passed over.</summary>
/// <param name="Gate">What kind of reason it is.</param>
/// <param name="Failure">The failure it stands for; decides which fallback follows.</param>
internal sealed record Misfit(string Gate, string Reason, FailureClass Failure);
