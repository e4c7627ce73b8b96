using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>Everything Gemini's clients post to a model; the method stands at the end of the address.</summary>
internal sealed class GeminiEndpoint
{
    private readonly GeminiProtocol _protocol = new();
    private readonly CallEndpoint _calls;
    private readonly CallEndpoint _arrays;
    private readonly CountTokensEndpoint _counts;

    public GeminiEndpoint(SluiceEngine engine, GatewayState state, ILogger<CallEndpoint> logger)
    {
        _calls = new CallEndpoint(engine, _protocol, state, logger);
        _arrays = new CallEndpoint(engine, new GeminiArrayProtocol(_protocol), state, logger);
        _counts = new CountTokensEndpoint(engine, new GeminiCounting(_protocol), state, logger);
    }

    public Task HandleAsync(HttpContext http)
    {
        var (_, method) = GeminiAddress.Of(http.Request);
        switch (method)
        {
            case GeminiAddress.Stream when !GeminiAddress.WantsEvents(http.Request):
                return _arrays.HandleAsync(http);
            case GeminiAddress.Generate or GeminiAddress.Stream:
                return _calls.HandleAsync(http);
            case GeminiAddress.Count:
                return _counts.HandleAsync(http);
            default:
                var error = new ClientError(
                    404,
                    ErrorKind.NotFound,
                    $"no method '{method}'; a model has {GeminiAddress.Generate}, {GeminiAddress.Stream} and {GeminiAddress.Count}"
                );
                return AskersProtocol.WriteErrorAsync(http, error);
        }
    }
}
