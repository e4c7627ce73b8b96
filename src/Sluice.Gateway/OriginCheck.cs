using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway;

/// <summary>Keeps web pages out: no page of another origin drives a gateway, also not one on loopback by a name that resolves there.</summary>
internal static class OriginCheck
{
    /// <returns>Why the request is refused, or <see langword="null"/>.</returns>
    public static string? Refuse(HttpRequest request, bool loopbackOnly)
    {
        var host = request.Host.Host;
        if (loopbackOnly && !IsLoopbackName(host))
        {
            return $"this gateway listens on loopback and does not answer to the name '{host}'";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value)
            ? $"requests of web pages from '{origin}' are not accepted"
            : null;
    }

    private static bool IsLoopbackName(string host) =>
        host is "localhost" or "" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
