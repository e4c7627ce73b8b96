using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Calls.Google;

namespace Sluice.Upstream.Google;

/// <summary>What a service account shows for a token: claims under its signature.</summary>
/// <remarks>Source: https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests and RFC 7523.</remarks>
internal static class ServiceAccountAssertion
{
    /// <summary>The longest that Google takes.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static string Of(ServiceAccountKey key, string scope, DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" };
        if (key.PrivateKeyId is { } id)
        {
            header["kid"] = id;
        }

        var claims = new JsonObject
        {
            ["iss"] = key.ClientEmail,
            ["scope"] = scope,
            ["aud"] = key.TokenEndpoint.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
