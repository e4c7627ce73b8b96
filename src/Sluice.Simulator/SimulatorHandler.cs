using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>A simulated provider without sockets: the handler of an <see cref="HttpClient"/>, for tests on virtual time.</summary>
/// <remarks>Answers are streamed, cut, delayed and abandoned as over a socket; only the socket is missing.</remarks>
public sealed class SimulatorHandler : HttpMessageHandler
{
    private readonly RequestDelegate _answer;

    /// <summary>One provider, whatever is asked.</summary>
    public SimulatorHandler(SimulatorOptions? options = null)
    {
        Provider = new SimulatedProvider(options ?? new SimulatorOptions());
        _answer = Provider.AnswerAsync;
    }

    /// <summary>Several providers behind one handler, or anything else that answers requests.</summary>
    internal SimulatorHandler(RequestDelegate answer)
    {
        Provider = new SimulatedProvider(new SimulatorOptions());
        _answer = answer;
    }

    /// <summary>What answers here.</summary>
    public SimulatedProvider Provider { get; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = await MemoryExchange.OfAsync(request, cancellationToken).ConfigureAwait(false);
        return await exchange.RunAsync(_answer, cancellationToken).ConfigureAwait(false);
    }
}
