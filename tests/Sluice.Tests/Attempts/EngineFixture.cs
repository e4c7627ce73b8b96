using System.Text;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Simulator;
using Sluice.Testing;
using Sluice.Upstream;
using Sluice.Wires.Records;

namespace Sluice.Tests.Attempts;

/// <summary>The engine on a clock that is moved by hand, before a simulated provider without sockets.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    /// <summary>Providers of one wire, the third with a pool of keys; a model named <c>sim-FAULT</c> fails that way.</summary>
    private const string Providers = """
        "providers": {
          "first": { "preset": "openai", "baseUrl": "http://127.0.0.1:1/v1", "apiKey": "env:KEY"FIRST },
          "second": { "preset": "openai", "baseUrl": "http://127.0.0.1:2/v1", "apiKey": "env:KEY" },
          "pool": { "preset": "openai", "baseUrl": "http://127.0.0.1:3/v1", "apiKeys": ["env:A", "env:B", "env:C"]POOL }
        }
        """;

    private readonly SluiceEngine _engine;
    private int _underWay;
    private string _heard = "";

    /// <param name="routes">The routes, as members of <c>routes</c>.</param>
    /// <param name="early">How much too soon timers fire.</param>
    /// <param name="rest">What stands beside providers and routes, each with a comma before it.</param>
    /// <param name="first">What stands in the first provider, with a comma before it.</param>
    /// <param name="pool">The same for the third.</param>
    public EngineFixture(
        string routes,
        TimeSpan early = default,
        string rest = "",
        IQuotaProvider? quota = null,
        string first = "",
        string pool = ""
    )
    {
        var providers = Providers.Replace("FIRST", first, StringComparison.Ordinal).Replace("POOL", pool, StringComparison.Ordinal);
        Rest = rest;
        Time = new ManualTimeProvider { Early = early };
        var handler = new SimulatorHandler(new SimulatorOptions { Time = Time });
        Provider = handler.Provider;
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var configuration = new LiveConfiguration(revision =>
            compiler.CompileText($$"""{ {{providers}}, "routes": { {{routes}} }{{Rest}} }""", "/", revision)
        );
        var ledger = LedgerBook.Open(new MemoryLedgerStore(), null, configuration.Current.Ledger, Time);
        _engine = new SluiceEngine(
            configuration,
            ledger,
            new EngineOptions
            {
                Time = Time,
                Random = new Random(1),
                Quota = quota,
                Upstream = new UpstreamOptions { Handler = () => new Interception(handler, request => Intercept?.Invoke(request)) },
            }
        );
    }

    public ManualTimeProvider Time { get; }

    public SimulatedProvider Provider { get; }

    /// <summary>Waits until the call under way has said so much, whatever the clock shows.</summary>
    public async Task HeardAsync(string text)
    {
        while (Volatile.Read(ref _heard) != text)
        {
            await Task.Yield();
        }
    }

    /// <summary>Waits until so many attempts are booked.</summary>
    public async Task BookedAsync(int attempts)
    {
        while (_engine.Ledger.Store.List(attempts).Count < attempts)
        {
            await Task.Yield();
            _engine.Ledger.Writer.Drain();
        }
    }

    /// <summary>What was booked for a call, in the order of its attempts.</summary>
    public IReadOnlyList<LedgerEntry> Booked(Receipt receipt)
    {
        _engine.Ledger.Writer.Drain();
        return [.. _engine.Ledger.Store.OfCall(receipt.Call).OrderBy(e => e.Hold.Attempt)];
    }

    public SluiceEngine Engine => _engine;

    /// <summary>What stands beside providers and routes, as of the next reload.</summary>
    public string Rest { get; set; }

    /// <summary>Who asks in the calls from now on.</summary>
    public Caller Caller { get; set; } = Caller.Anonymous;

    /// <summary>What he says of the calls from now on.</summary>
    public CallWishes Wishes { get; set; } = CallWishes.None;

    /// <summary>What is said in the calls from now on.</summary>
    public string Said { get; set; } = "hello";

    /// <summary>Answers in the place of the simulator where it gives an answer.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Intercept { get; set; }

    /// <summary>A target of the simulator that no catalogue knows.</summary>
    public static string Target(string provider, string model = "m") =>
        $$"""{ "provider": "{{provider}}", "model": "{{model}}", "unlisted": true, "price": { "input": "1", "output": "2" } }""";

    /// <summary>Drives one call to its end, on a clock that moves by <paramref name="within"/> at most.</summary>
    public Task<Outcome> CallAsync(string route, TimeSpan within, bool stream = true, TimeSpan? deadline = null) =>
        Time.RunAsync(CallAsync(route, stream, deadline, CancellationToken.None), within);

    public async Task<Outcome> CallAsync(string route, bool stream, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var start = Time.GetUtcNow();
        Interlocked.Increment(ref _underWay);
        var wire = _engine.Wires[WireKind.OpenAiChat];
        var head = wire.ReadHead(
            Encoding.UTF8.GetBytes(
                $$"""{"model":"{{route}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Said}}"}]}"""
            )
        );
        var snapshot = _engine.Configuration.Current;
        var call = _engine.Begin(snapshot, route, head.Features, Caller, deadline, wishes: Wishes);
        Committed? committed = null;
        Exception? failure = null;
        var text = "";
        try
        {
            committed = await _engine.SendAsync(snapshot, call, new ClientRequest(_engine.Wires, wire, head, []), cancellationToken);
            if (stream)
            {
                await foreach (var answerEvent in AnswerEvents.ReadAsync(committed))
                {
                    text += (answerEvent as TextDelta)?.Text;
                    Volatile.Write(ref _heard, text);
                }
            }
        }
        catch (Exception exception) when (exception is RouteExhaustedException or ProviderException or OperationCanceledException)
        {
            failure = exception;
        }

        if (committed is not null)
        {
            await committed.DisposeAsync();
        }

        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _engine.Ledger.OpenHolds.ShouldBe(0);
        }

        return new Outcome(_engine.Finish(call, committed), failure, Time.GetUtcNow() - start, text);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}

/// <summary>Stands before the simulator, for outages that begin and end with the clock.</summary>
internal sealed class Interception(HttpMessageHandler inner, Func<HttpRequestMessage, HttpResponseMessage?> answer)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer(request) is { } own ? Task.FromResult(own) : base.SendAsync(request, cancellationToken);
}

/// <summary>How a call ended, and how long it took on the clock.</summary>
internal sealed record Outcome(Receipt Receipt, Exception? Failure, TimeSpan Took, string Text)
{
    public IEnumerable<FailureClass?> Failures => Receipt.Attempts.Select(a => a.Failure);

    public IEnumerable<string> Gates => Receipt.Rejections.Select(r => r.Gate);
}
