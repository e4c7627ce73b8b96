using Sluice.Calls;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class BreakerCompilerTests
{
    [Fact]
    public void NothingSaid_IsTheUsual()
    {
        var breaker = Compile("{}").Breaker;

        breaker.Curve.ShouldBe([1, 0.9, 0.7, 0.4, 0.1]);
        (breaker.Enabled, breaker.Most, breaker.Probes).ShouldBe((true, 5, 1));
    }

    [Theory]
    [InlineData("[1, 0.6, 0.2]")]
    [InlineData("[0.6, 0.2]")]
    public void Curve_HealthyTargetsGetEverything_SaidOrNot(string curve) =>
        Compile($$"""{ "breaker": { "curve": {{curve}} } }""").Breaker.Curve.ShouldBe([1, 0.6, 0.2]);

    [Fact]
    public void EveryMember_IsRead()
    {
        var breaker = Compile("""{ "breaker": { "enabled": false, "coolDown": "2m", "probeAfter": "5s", "probes": 3 } }""").Breaker;

        breaker.ShouldBe(
            new BreakerSettings
            {
                Enabled = false,
                Curve = breaker.Curve,
                CoolDown = TimeSpan.FromMinutes(2),
                ProbeAfter = TimeSpan.FromSeconds(5),
                Probes = 3,
            }
        );
    }

    [Fact]
    public void WhatCannotBe_IsSaidAllAtOnce()
    {
        var errors = Should
            .Throw<ConfigurationException>(() =>
                Compile("""{ "breaker": { "curve": [0.5, 0.5, 2], "coolDown": "0s", "probeAfter": "soon", "probes": 0, "trips": 5 } }""")
            )
            .Errors.Select(e => e.ToString())
            .ToList();

        errors.Count(e => e.StartsWith("breaker.", StringComparison.Ordinal)).ShouldBe(6);
        errors.ShouldContain(e => e.Contains("breaker.curve[1]", StringComparison.Ordinal));
        errors.ShouldContain(e => e.Contains("breaker.coolDown", StringComparison.Ordinal));
        errors.ShouldContain(e => e.Contains("breaker.trips", StringComparison.Ordinal));
    }

    private static Snapshot Compile(string text) => new ConfigurationCompiler(_ => null).CompileText(text, "/", 1);
}
