using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Calls.Aws;

namespace Sluice.Upstream.Aws;

/// <summary>Signature Version 4: proves who sends a request without sending the secret.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.</remarks>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The instant as it stands in <c>x-amz-date</c>.</summary>
    public static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The <c>Authorization</c> header of a request.</summary>
    /// <param name="keys">Who signs.</param>
    /// <param name="region">The region asked, <c>us-east-1</c>.</param>
    /// <param name="service">The service asked, by its signing name: <c>bedrock</c>.</param>
    /// <param name="method"><c>POST</c>.</param>
    /// <param name="address">Where the request goes, as it is sent.</param>
    /// <param name="headers">What is signed beside it, by lower-case name; <c>x-amz-date</c> among it.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Authorization(
        AwsKeys keys,
        string region,
        string service,
        string method,
        Uri address,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlySpan<byte> body
    )
    {
        var signed = headers.OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var names = string.Join(';', signed.Select(h => h.Key));
        var canonical = string.Join(
            '\n',
            method,
            Path(address),
            Query(address),
            string.Concat(signed.Select(h => $"{h.Key}:{h.Value.Trim()}\n")),
            names,
            Hex(SHA256.HashData(body))
        );
        var stamp = headers["x-amz-date"];
        var scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes($"AWS4{keys.SecretAccessKey}");
        foreach (var part in scope.Split('/'))
        {
            key = Hash(key, part);
        }

        return $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Hex(Hash(key, toSign))}";
    }

    /// <summary>Every segment of the path encoded once more than it is sent.</summary>
    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri address) =>
        address.Query.Length < 2
            ? ""
            : string.Join(
                '&',
                address.Query[1..].Split('&').Select(p => p.Contains('=') ? p : $"{p}=").OrderBy(p => p, StringComparer.Ordinal)
            );

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
