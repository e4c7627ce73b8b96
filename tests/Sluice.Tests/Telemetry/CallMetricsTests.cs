using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Telemetry;

namespace Sluice.Tests.Telemetry;

public sealed class CallMetricsTests
{
    [Fact]
    public void CostAboveTheHold_IsCountedByTarget() =>
        Measured<double>("sluice.cost.excess", Attempt("within", held: 2, cost: 2), Attempt("above", held: 2, cost: 5))
            .ShouldBe([(3, "above")]);

    [Fact]
    public void FramesThatWereLeftOut_AreCountedByTarget() =>
        Measured<long>("sluice.drift", Attempt("clean", held: 1, cost: 1), Attempt("odd", held: 1, cost: 1) with { SkippedFrames = 2 })
            .ShouldBe([(2, "odd")]);

    private static List<(T Value, string? Model)> Measured<T>(string instrumentName, params IReadOnlyList<Attempt> attempts)
        where T : struct
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var seen = new List<(T, string?)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == instrumentName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<T>(
            (instrument, value, tags, _) => seen.Add((value, tags.ToArray().Single(t => t.Key == "model").Value as string))
        );
        listener.Start();
        var metrics = new CallMetrics(meters);

        metrics.Record(
            new Receipt
            {
                Call = "c",
                Route = "r",
                StartedAt = DateTimeOffset.UnixEpoch,
                Revision = 1,
                Attempts = attempts,
            }
        );

        return seen;
    }

    [Fact]
    public void GateActions_AreCountedByGateStageAndVerdict()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var seen = new List<(long, string)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is "sluice.content_gates")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => seen.Add((value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))))
        );
        listener.Start();

        new CallMetrics(meters).Record(
            new Receipt
            {
                Call = "c",
                Route = "r",
                StartedAt = DateTimeOffset.UnixEpoch,
                Revision = 1,
                Gates =
                [
                    new GateAction("pii", GateStage.Request, GateVerdict.Redacted, "replaced @email"),
                    new GateAction("names", GateStage.Answer, GateVerdict.Denied, "it names Zeus"),
                ],
            }
        );

        seen.ShouldBe([(1, "gate=pii stage=Request verdict=Redacted"), (1, "gate=names stage=Answer verdict=Denied")]);
    }

    private static Attempt Attempt(string model, int held, int cost) =>
        new()
        {
            Number = 1,
            Route = "r",
            Provider = "p",
            Model = model,
            Credential = "k",
            StartedAt = DateTimeOffset.UnixEpoch,
            Outcome = AttemptOutcome.Completed,
            Hold = Credits.FromDollars(held),
            Cost = Credits.FromDollars(cost),
        };
}
