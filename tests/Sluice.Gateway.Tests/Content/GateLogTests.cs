using Microsoft.Extensions.Logging;
using Sluice.Calls;
using Sluice.Gateway.Protocols;

namespace Sluice.Gateway.Tests.Content;

public sealed class GateLogTests
{
    [Fact]
    public void Actions_AreOneLineEach_WithTheirReasonAndNothingOfWhatWasSaid()
    {
        var call = new Call
        {
            Id = "call_1",
            RouteAsked = "r",
            StartedAt = DateTimeOffset.UnixEpoch,
            Revision = 1,
            Features = new CallFeatures(),
        };
        call.Record(new GateAction("pii", GateStage.Request, GateVerdict.Redacted, "replaced @email"));
        call.Record(new GateAction("names", GateStage.Answer, GateVerdict.Denied, "it matches a pattern"));
        call.Record(new GateAction("names", GateStage.Answer, GateVerdict.Denied, "it matches a pattern"));
        var log = new Lines();

        GateLog.Write(log, call);

        log.Written.ShouldBe([
            (LogLevel.Information, "Call call_1: gate pii changed the Request: replaced @email"),
            (LogLevel.Warning, "Call call_1: gate names on the Answer: Denied: it matches a pattern"),
        ]);
    }

    [Fact]
    public void NothingDone_NothingIsWritten()
    {
        var log = new Lines();

        GateLog.Write(log, null);

        log.Written.ShouldBeEmpty();
    }

    private sealed class Lines : ILogger
    {
        public List<(LogLevel Level, string Line)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add((logLevel, formatter(state, exception)));
    }
}
