using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Calls;

namespace Sluice.Admission.Health;

/// <summary>All that is remembered of targets and worth keeping over a restart, as it stands in a file.</summary>
internal sealed record HealthSnapshot
{
    /// <summary>The one version that is written and read.</summary>
    public const int Current = 1;

    public required int Version { get; init; }

    public IReadOnlyList<SavedTarget?>? Targets { get; init; }

    public IReadOnlyList<SavedFact?>? Facts { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, HealthJson.Default.HealthSnapshot);

    /// <exception cref="HealthFormatException">It is damaged, or of another version.</exception>
    public static HealthSnapshot Read(ReadOnlySpan<byte> text)
    {
        try
        {
            // Another version may have another shape: it is told by its number and not by what does not fit.
            var version = JsonSerializer.Deserialize(text, HealthJson.Default.HealthVersion)?.Version;
            return version == Current
                ? JsonSerializer.Deserialize(text, HealthJson.Default.HealthSnapshot)!
                : throw new HealthFormatException(
                    version is null ? "it holds nothing" : $"its version is {version}, and {Current} is understood"
                );
        }
        catch (JsonException exception)
        {
            throw new HealthFormatException($"it is damaged: {exception.Message}");
        }
    }
}

/// <summary>Which version of the format a file has.</summary>
internal sealed record HealthVersion(int Version);

/// <summary>A breaker that is not closed, or was not.</summary>
internal sealed record SavedTarget
{
    public required string Provider { get; init; }

    public required string Credential { get; init; }

    public required string Model { get; init; }

    public required int Level { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? OpenedAt { get; init; }

    public bool Recovering { get; init; }

    public long Failures { get; init; }

    public long Successes { get; init; }

    public long Refused { get; init; }
}

/// <summary>A fact with what it is about.</summary>
internal sealed record SavedFact
{
    public required string Provider { get; init; }

    public string? Credential { get; init; }

    public string? Model { get; init; }

    public required FailureClass Failure { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset LearnedAt { get; init; }

    public required DateTimeOffset Until { get; init; }
}

/// <summary>A file of target health cannot be read; the message says why.</summary>
internal sealed class HealthFormatException(string message) : Exception(message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(HealthVersion))]
[JsonSerializable(typeof(HealthSnapshot))]
internal sealed partial class HealthJson : JsonSerializerContext;
