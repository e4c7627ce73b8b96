using System.Globalization;
using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Upstream.Logins;
using Sluice.Wires.Json;

namespace Sluice.Upstream.Aws;

/// <summary>Asks the endpoint beside a container for keys.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html.</remarks>
internal sealed class ContainerKeys(UpstreamOptions options, TimeProvider time) : IDisposable
{
    private const string Name = "the endpoint for keys of containers";

    private readonly LoginEndpoint _endpoint = new(options, time, AwsContainer.Known);

    /// <exception cref="ProviderException">It gave no keys.</exception>
    public async Task<Fetched<AwsKeys>> FetchAsync(AwsContainer container)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, container.Address);
        if (await TokenAsync(container).ConfigureAwait(false) is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        var answer = await _endpoint.AskAsync(Name, request).ConfigureAwait(false);
        if (answer.Text("AccessKeyId") is not { } id || answer.Text("SecretAccessKey") is not { } secret)
        {
            throw new ProviderException(FailureClass.Credential, $"{Name} gave no keys") { Sent = false };
        }

        var expires = DateTimeOffset.TryParse(
            answer.Text("Expiration"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var end
        )
            ? end
            : (DateTimeOffset?)null;
        return new(new AwsKeys(id, secret, answer.Text("Token")), expires);
    }

    private static async Task<string?> TokenAsync(AwsContainer container) =>
        container.TokenFile is { } file ? (await File.ReadAllTextAsync(file).ConfigureAwait(false)).Trim() : container.Token;

    public void Dispose() => _endpoint.Dispose();
}
