using System.Text.Json.Nodes;
using Sluice.Cli.Scenarios.Clients;
using Sluice.Simulator;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>One policy test, for one protocol and form.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    /// <summary>The file it stands in, as the user named it.</summary>
    public required string File { get; init; }

    public required Cell Cell { get; init; }

    /// <summary>The configuration, merged from file and scenario.</summary>
    public required JsonObject Configuration { get; init; }

    /// <summary>Where files that the configuration names are looked for.</summary>
    public required string Directory { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Rules of the gateway's keys, by name.</summary>
    public required IReadOnlyDictionary<string, JsonObject> Keys { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<FaultStep>> Faults { get; init; }

    public required IReadOnlyList<CallStep> Calls { get; init; }

    public required IReadOnlyList<ReloadStep> Reloads { get; init; }

    public required IReadOnlyList<CheckStep> Checks { get; init; }

    public required EndExpectation Expect { get; init; }
}

/// <summary>One combination a scenario is run for.</summary>
/// <param name="Client">The protocol that is asked in.</param>
/// <param name="Wire">The wire of the providers.</param>
/// <param name="Stream">Whether a stream is asked for; <see langword="null"/> where the scenario does not say.</param>
internal sealed record Cell(string Client, string Wire, bool? Stream)
{
    public override string ToString() =>
        (Client == Wire ? Client : $"{Client}>{Wire}")
        + Stream switch
        {
            true => " stream",
            false => " whole",
            null => "",
        };
}

/// <summary>What requests to a target meet: a number of them, or all in a time.</summary>
internal sealed record FaultStep(Fault Fault, int Times, TimeSpan? From, TimeSpan? Until)
{
    public bool IsWindow => From is not null || Until is not null;
}

internal sealed record CallStep
{
    public required string Path { get; init; }

    public TimeSpan? At { get; init; }

    public required IScenarioClient Client { get; init; }

    public required bool Stream { get; init; }

    public required string Route { get; init; }

    public required string Prompt { get; init; }

    public JsonObject? Body { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public string? Key { get; init; }

    public TimeSpan? LeavesAfter { get; init; }

    public int Repeat { get; init; } = 1;

    public TimeSpan Every { get; init; }

    public required CallExpectation Expect { get; init; }
}

/// <param name="Configuration">What is laid over the configuration in force.</param>
/// <param name="Refused">What the refusal must say; <see langword="null"/> where it must be taken into use.</param>
internal sealed record ReloadStep(TimeSpan At, JsonObject Configuration, string? Refused);

internal sealed record CheckStep(TimeSpan At, string Path, StateExpectation Expect);
