using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>`sluice verify --builtin chaos`, each run a process of its own: virtual time needs the thread pool to itself.</summary>
public sealed partial class ChaosTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public Task Chaos_OfAThousandCalls_BreaksNothing() => PassesAsync(seed: 1, calls: 1000);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1)]
    [InlineData(2)]
    public Task Chaos_OfTenThousandCalls_BreaksNothing(int seed) => PassesAsync(seed, calls: 10_000);

    public void Dispose() => _directory.Dispose();

    private async Task PassesAsync(int seed, int calls)
    {
        var (code, output, error) = await CliProcess.RunAsync(
            _directory.Path,
            "verify",
            "--builtin",
            "chaos",
            "--seed",
            seed.ToString(CultureInfo.InvariantCulture),
            "--calls",
            calls.ToString(CultureInfo.InvariantCulture)
        );

        code.ShouldBe(0, output + error);
        output.ShouldContain("1 passed, 0 failed");
        output.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"ok    chaos, seed {seed}  {calls} calls: "));

        // A run in which nothing went wrong would show nothing.
        var numbers = Numbers().Matches(output).ToDictionary(m => m.Groups[2].Value, m => Number(m.Groups[1].ValueSpan));
        foreach (
            var what in new[] { "whole", "cut", "refused", "errors", "clients", "failed over", "hedged", "gone on with", "overridden" }
        )
        {
            numbers[what].ShouldBePositive(output);
        }

        numbers["whole"].ShouldBeGreaterThan(calls / 3, output);
        numbers["faults"].ShouldBeGreaterThan(calls / 10, output);
        var minutes = Virtual().Match(output);
        Number(minutes.Groups[1].ValueSpan).ShouldBeInRange(30 * 60, 40 * 60, output);
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex("[:,;] ([0-9]+) (whole|cut|refused|errors|clients|faults|failed over|hedged|gone on with|overridden)\\b")]
    private static partial Regex Numbers();

    [GeneratedRegex("  ([0-9]+)\\.[0-9]+s in ")]
    private static partial Regex Virtual();
}
