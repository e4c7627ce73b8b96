using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>What the address of a request names: <c>/v1beta/models/{model}:{method}</c>, where the model may have slashes and colons.</summary>
internal static class GeminiAddress
{
    public const string Generate = "generateContent";
    public const string Stream = "streamGenerateContent";
    public const string Count = "countTokens";

    private const string Models = "/models/";

    public static (string Model, string Method) Of(HttpRequest request)
    {
        var named = Named(request);
        var colon = named.LastIndexOf(':');
        return colon < 0 ? (named, "") : (named[..colon], named[(colon + 1)..]);
    }

    /// <summary>Everything behind <c>/models/</c>. A slash may come escaped, and the server leaves it so.</summary>
    public static string Named(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        return path[(path.IndexOf(Models, StringComparison.Ordinal) + Models.Length)..]
            .Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
