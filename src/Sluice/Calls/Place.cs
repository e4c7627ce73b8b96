namespace Sluice.Calls;

/// <summary>A place in the order in which a route's targets are tried.</summary>
/// <param name="Target">The target, as <c>provider/model</c>.</param>
/// <param name="Route">The route whose target it is.</param>
/// <param name="Reason">Why it stands there: its price, its latency, its weight, in words that may reach the caller.</param>
public sealed record Place(string Target, string Route, string Reason);
