using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Upstream;

/// <summary>Opens connections to providers: the one place of egress policy, applied after name resolution.</summary>
/// <remarks>
/// Providers come from configuration, never from a caller, so private addresses are fine. Link-local ones are refused: that is
/// where clouds keep their credentials (169.254.169.254), and no model is served there. The exceptions are the endpoints that
/// give a machine or container its own keys, where the configuration logs in with them; only the client that asks may reach one.
/// </remarks>
internal static class UpstreamConnector
{
    /// <param name="options">How providers are reached.</param>
    /// <param name="named">Link-local addresses that this handler may nevertheless connect to.</param>
    public static HttpMessageHandler CreateHandler(UpstreamOptions options, ImmutableArray<IPAddress> named = default) =>
        options.Handler?.Invoke()
        ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = options.Connect,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, named, cancellationToken),
            EnableMultipleHttp2Connections = true,
            // Long enough to keep connections warm, short enough to follow a vendor's DNS.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // An abandoned stream closes its connection at once: that is how the provider hears of it.
            ResponseDrainTimeout = TimeSpan.Zero,
            ActivityHeadersPropagator = null,
        };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        ImmutableArray<IPAddress> named,
        CancellationToken cancellationToken
    )
    {
        var endpoint = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, a => !IsLinkLocal(a) || (!named.IsDefault && named.Contains(a)));
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"'{endpoint.Host}' resolves to no address that egress policy allows"
            );
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? IsLinkLocal(address.MapToIPv4())
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6LinkLocal
        : address.GetAddressBytes() is [169, 254, ..];
}
