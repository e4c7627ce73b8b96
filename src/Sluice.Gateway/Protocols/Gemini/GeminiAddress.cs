using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>What the address of a request names: <c>/v1beta/models/{model}:{method}</c>, where the model may have slashes and colons.</summary>
internal static class GeminiAddress
{
    public const string Generate = "generateContent";
    public const string Stream = "streamGenerateContent";
    public const string Count = "countTokens";

    /// <summary>The part of the route that is everything behind <c>/models/</c>.</summary>
    private const string Call = "call";

    /// <summary>
    /// Where models are asked: as Google AI has it, and as Vertex AI has it, whose clients name a project and a place too. Neither is
    /// the caller's to choose.
    /// </summary>
    public static readonly string[] Patterns =
    [
        .. from prefix in (string[])
            [
                "/v1beta",
                "/v1",
                "/v1/projects/{project}/locations/{location}/publishers/google",
                "/v1beta1/projects/{project}/locations/{location}/publishers/google",
                "/v1/publishers/google",
                "/v1beta1/publishers/google",
            ]
        select $"{prefix}/models/{{**{Call}}}",
    ];

    /// <summary>Whether a path is one of Gemini's clients alone.</summary>
    public static bool IsGemini(PathString path) =>
        path.StartsWithSegments("/v1beta", StringComparison.Ordinal)
        || path.StartsWithSegments("/v1beta1", StringComparison.Ordinal)
        || path.StartsWithSegments("/v1/projects", StringComparison.Ordinal)
        || path.StartsWithSegments("/v1/publishers", StringComparison.Ordinal);

    /// <summary>Model and method. A slash may come escaped, and the server leaves it so.</summary>
    public static (string Model, string Method) Of(HttpRequest request)
    {
        var named = (request.RouteValues[Call] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var colon = named.LastIndexOf(':');
        return colon < 0 ? (named, "") : (named[..colon], named[(colon + 1)..]);
    }

    /// <summary>Whether a stream is asked for as server-sent events; else it is an array, as <c>alt=json</c> says too.</summary>
    public static bool WantsEvents(HttpRequest request) => request.Query["alt"] == "sse" || request.Query["$alt"] == "sse";
}
