using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Keys;

/// <summary>Where clients of the various SDKs put their key.</summary>
internal static class PresentedKey
{
    private static readonly string[] Headers = ["x-api-key", "api-key", "x-goog-api-key"];

    /// <returns>The key; empty when none was sent.</returns>
    public static ReadOnlySpan<char> Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization.AsSpan("Bearer ".Length).Trim();
        }

        foreach (var header in Headers)
        {
            if (request.Headers.TryGetValue(header, out var value))
            {
                return value.ToString();
            }
        }

        return request.Query.TryGetValue("key", out var query) ? query.ToString() : default;
    }
}
