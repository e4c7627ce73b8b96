namespace Sluice.Simulator;

/// <summary>How a simulator behaves.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The loopback port.</summary>
    /// <value>0, the default, takes a free one.</value>
    public int Port { get; init; }

    /// <summary>The clock that delays wait on.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A folder of recordings; a model named <c>replay:PATH</c> is answered with the file below it, <c>replay:PATH#3</c> with the third exchange of a cassette.</summary>
    public string? Recordings { get; init; }
}
