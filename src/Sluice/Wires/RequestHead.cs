using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>A request body with what was read from it in one scan.</summary>
internal sealed class RequestHead
{
    public ReadOnlyMemory<byte> Body => Members.Body;

    /// <summary>The model or route the caller named.</summary>
    public required string Model { get; init; }

    public required CallFeatures Features { get; init; }

    /// <summary>Whether the caller asked for usage in a stream himself; else a usage-only frame is hidden from him.</summary>
    public bool UsageAsked { get; init; }

    /// <summary>What had to be taken out of the body for any target.</summary>
    public IReadOnlyList<Degradation> Degradations { get; init; } = [];

    /// <summary>Where the top-level members stand in <see cref="Body"/>.</summary>
    public required JsonMembers Members { get; init; }
}

/// <summary>What the address of a request says, where its wire puts it there and not into the body.</summary>
/// <param name="Model">The model or route that was named; <see langword="null"/> where the body names it.</param>
/// <param name="Stream">Whether a stream was asked for.</param>
internal readonly record struct RequestAddress(string? Model, bool Stream);

/// <summary>A request that is wrong in itself; the message may reach the caller.</summary>
internal sealed class RequestException(string message, string? parameter = null) : Exception(message)
{
    /// <summary>The member that is wrong, as a path.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>The code by which SDKs of its protocol know what to do about it.</summary>
    public string? Code { get; init; }

    /// <summary>The code instead, where another target that could do it was asked first and failed.</summary>
    public string? CodeAfterFailover { get; init; }

    /// <summary>The same, found out only at a later target.</summary>
    public RequestException AfterFailover() => new(Message, Parameter) { Code = CodeAfterFailover ?? Code };
}
