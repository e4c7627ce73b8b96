using System.Globalization;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Wires.Json;

namespace Sluice.Upstream.Aws;

/// <summary>Asks the endpoint beside a container for keys.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html.</remarks>
internal sealed class ContainerEndpoint(UpstreamOptions options, TimeProvider time) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Made when it is first needed: the only way to an address that egress policy refuses.</summary>
    private readonly Lazy<HttpMessageInvoker> _http = new(() =>
        new HttpMessageInvoker(UpstreamConnector.CreateHandler(options, AwsContainer.Known))
    );

    /// <exception cref="ProviderException">It gave no keys.</exception>
    public async Task<(AwsKeys Keys, DateTimeOffset? Expires)> FetchAsync(AwsContainer container)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var request = new HttpRequestMessage(HttpMethod.Get, container.Address);
        if (await TokenAsync(container, patience.Token).ConfigureAwait(false) is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using var response = await _http.Value.SendAsync(request, patience.Token).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(LongestAnswer, patience.Token).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var failure = (int)response.StatusCode is 429 or >= 500 ? FailureClass.Transient : FailureClass.Credential;
            throw NoKeys(failure, $"answered {(int)response.StatusCode}");
        }

        return Read(body);
    }

    private static async Task<string?> TokenAsync(AwsContainer container, CancellationToken cancellationToken) =>
        container.TokenFile is { } file
            ? (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim()
            : container.Token;

    private static (AwsKeys, DateTimeOffset?) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.Text("AccessKeyId") is not { } id || root.Text("SecretAccessKey") is not { } secret)
            {
                throw NoKeys(FailureClass.Credential, "gave no keys");
            }

            var expires = DateTimeOffset.TryParse(
                root.Text("Expiration"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var end
            )
                ? end
                : (DateTimeOffset?)null;
            return (new AwsKeys(id, secret, root.Text("Token")), expires);
        }
        catch (JsonException)
        {
            throw NoKeys(FailureClass.Credential, "gave something that is not JSON");
        }
    }

    private static ProviderException NoKeys(FailureClass failure, string what) =>
        new(failure, $"the endpoint for keys of containers {what}") { Sent = false };

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
