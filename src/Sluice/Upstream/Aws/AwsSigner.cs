using Sluice.Calls.Aws;

namespace Sluice.Upstream.Aws;

/// <summary>Signs requests to Bedrock with the keys of the moment.</summary>
internal sealed class AwsSigner(AwsCredentials credentials, TimeProvider time)
{
    private const string Service = "bedrock";

    /// <param name="request">Gets the headers of its signature.</param>
    /// <param name="login">Whose keys sign.</param>
    /// <param name="address">The address that is signed: Amazon's own, also where the request takes another way to it.</param>
    /// <param name="body">The body as it is sent.</param>
    /// <exception cref="Calls.ProviderException">There are no keys.</exception>
    public async ValueTask SignAsync(
        HttpRequestMessage request,
        AwsLogin login,
        Uri address,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        var keys = await credentials.GetAsync(login, cancellationToken).ConfigureAwait(false);
        var signed = new Dictionary<string, string> { ["host"] = address.Authority, ["x-amz-date"] = AwsSignature.Stamp(time.GetUtcNow()) };
        if (request.Content?.Headers.ContentType is { } type)
        {
            signed["content-type"] = type.ToString();
        }

        if (keys.SessionToken is { } token)
        {
            signed["x-amz-security-token"] = token;
            request.Headers.TryAddWithoutValidation("x-amz-security-token", token);
        }

        request.Headers.TryAddWithoutValidation("x-amz-date", signed["x-amz-date"]);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            AwsSignature.Authorization(keys, login.Region, Service, request.Method.Method, address, signed, body.Span)
        );
    }
}
