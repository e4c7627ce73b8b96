namespace Sluice.Upstream;

/// <summary>How providers are reached.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>TCP and TLS to a provider.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The one seam to the outside: scenarios put a handler of their own here and the clock does not move by itself.</summary>
    public Func<HttpMessageHandler>? Handler { get; init; }
}
