using System.CommandLine;
using System.Globalization;
using Sluice.Configuration;

namespace Sluice.Cli;

/// <summary>Options that several commands take, with one meaning.</summary>
internal static class SharedOptions
{
    private const string DefaultConfiguration = "sluice.json";

    public static Option<string?> Config() =>
        new("--config") { Description = $"The configuration. Default: {DefaultConfiguration}, where it exists.", HelpName = "FILE" };

    public static Option<string> Data() =>
        new("--data")
        {
            Description = "The directory of ledger, keys and state.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SLUICE_DATA") ?? ".sluice",
        };

    public static Option<int> Port(string name, string description, int otherwise)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [var given]
                && int.TryParse(given.Value, CultureInfo.InvariantCulture, out var port)
                && (port is < 0 or > 65_535)
            )
            {
                result.AddError($"{name} is a number from 0 to 65535.");
            }
        });
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Answer in JSON." };

    public static Option<string?> At(string description) => new("--at") { Description = $"{description} Default: now.", HelpName = "TIME" };

    /// <summary>A moment as it was given: a day, or a time with its offset; without one it is UTC.</summary>
    /// <exception cref="UserException">It is none.</exception>
    public static DateTimeOffset Moment(string? at) =>
        at is null ? TimeProvider.System.GetUtcNow()
        : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : throw new UserException($"--at: '{at}' is no time; write 2026-09-01 or 2026-09-01T12:00:00Z");

    /// <summary>The configuration file asked for, or the default one where it exists, or none.</summary>
    public static string? FileOf(string? config) => config ?? (File.Exists(DefaultConfiguration) ? DefaultConfiguration : null);

    public static ConfigurationCompiler Compiler() => new(Environment.GetEnvironmentVariable);
}
