namespace Sluice.Simulator;

/// <summary>A simulated provider without sockets: the handler of an <see cref="HttpClient"/>, for tests on virtual time.</summary>
/// <remarks>Answers are streamed, cut, delayed and abandoned as over a socket; only the socket is missing.</remarks>
public sealed class SimulatorHandler(SimulatorOptions? options = null) : HttpMessageHandler
{
    /// <summary>What answers here.</summary>
    public SimulatedProvider Provider { get; } = new(options ?? new SimulatorOptions());

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = await MemoryExchange.OfAsync(request, cancellationToken).ConfigureAwait(false);
        return await exchange.RunAsync(Provider.AnswerAsync, cancellationToken).ConfigureAwait(false);
    }
}
