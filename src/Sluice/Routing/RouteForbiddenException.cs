using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>The caller's key may not call what he asked for; the message may reach him.</summary>
internal sealed class RouteForbiddenException(string message) : Exception(message)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="asked">The name as he said it; empty for the default route.</param>
    /// <param name="route">What the name stands for.</param>
    /// <param name="pinned">Whether the name is a pin of the caller's own.</param>
    /// <exception cref="RouteForbiddenException">His key does not allow it.</exception>
    public static void ThrowUnless(Caller caller, string asked, Route route, bool pinned)
    {
        var name = asked.Length == 0 ? route.Name : asked;
        if (!caller.MayCall(name))
        {
            throw new RouteForbiddenException($"this key may not call '{name}'; it may call {string.Join(", ", caller.Routes)}");
        }

        if (pinned && !caller.Pins)
        {
            throw new RouteForbiddenException($"'{name}' names a provider, which this key may not");
        }
    }
}
