namespace Sluice.Calls;

/// <summary>Why a gate did not let a target be tried.</summary>
/// <param name="Target">The target, as <c>provider/model</c>.</param>
/// <param name="Gate">The gate's name: <c>budget</c>, <c>cooldown</c>, <c>credential</c>…</param>
/// <param name="Reason">In words that may reach the caller.</param>
/// <param name="RetryAfter">When asking again makes sense.</param>
public sealed record Rejection(string Target, string Gate, string Reason, TimeSpan? RetryAfter = null);

/// <summary>Something the caller asked for that the target cannot do.</summary>
/// <param name="Feature">What was asked, by its name in the client's protocol: <c>logprobs</c>, <c>cache_control</c>.</param>
/// <param name="Action">What was done instead.</param>
public sealed record Degradation(string Feature, string Action);
