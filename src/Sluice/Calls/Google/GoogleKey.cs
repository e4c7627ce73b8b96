using System.Security.Cryptography;
using System.Text.Json;

namespace Sluice.Calls.Google;

/// <summary>A key file of Google's: an account and what proves to be it.</summary>
/// <remarks>Source: https://cloud.google.com/docs/authentication/application-default-credentials.</remarks>
/// <param name="TokenEndpoint">Where it is exchanged for tokens.</param>
/// <param name="Project">The project it belongs to.</param>
/// <param name="QuotaProject">The project that its requests take their quota from.</param>
internal abstract record GoogleKey(Uri TokenEndpoint, string? Project, string? QuotaProject)
{
    private const string UsualEndpoint = "https://oauth2.googleapis.com/token";
    private const string Renew = "download a new key from Google Cloud, or run `gcloud auth application-default login`";

    /// <summary>Whose it is, in words that are safe to show.</summary>
    public abstract string Account { get; }

    public sealed override string ToString() => Account;

    /// <param name="text">The content of the file.</param>
    /// <exception cref="GoogleKeyException">It is none that can be used.</exception>
    public static GoogleKey Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : throw new GoogleKeyException("it is not a JSON object", Renew);
        }
        catch (JsonException)
        {
            throw new GoogleKeyException("it is not JSON", Renew);
        }
    }

    private static GoogleKey Read(JsonElement root)
    {
        var endpoint = Text(root, "token_uri") ?? UsualEndpoint;
        var address =
            SecretAddress.Parse(endpoint)
            ?? throw new GoogleKeyException($"its 'token_uri' is '{endpoint}', and a key is sent to https only", Renew);
        var (project, quota) = (Text(root, "project_id"), Text(root, "quota_project_id"));
        return Text(root, "type") switch
        {
            "service_account" => new ServiceAccountKey(
                Needed(root, "client_email"),
                Rsa(Needed(root, "private_key")),
                Text(root, "private_key_id"),
                address,
                project,
                quota
            ),
            "authorized_user" => new UserKey(
                Needed(root, "client_id"),
                Needed(root, "client_secret"),
                Needed(root, "refresh_token"),
                address,
                project,
                quota
            ),
            var other => throw new GoogleKeyException(
                $"its 'type' is '{other}'",
                "supported are service_account and authorized_user, and \"metadata\" on Google's own machines"
            ),
        };
    }

    private static string Rsa(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            rsa.ExportParameters(includePrivateParameters: true);
            return pem;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new GoogleKeyException("its 'private_key' is not an RSA key in PEM", Renew);
        }
    }

    private static string Needed(JsonElement root, string name) =>
        Text(root, name) ?? throw new GoogleKeyException($"it has no '{name}'", Renew);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}

/// <summary>The key of an account that belongs to software.</summary>
/// <param name="PrivateKey">An RSA key in PEM; never sent, logged or returned.</param>
/// <param name="PrivateKeyId">By which Google finds its public half.</param>
internal sealed record ServiceAccountKey(
    string ClientEmail,
    string PrivateKey,
    string? PrivateKeyId,
    Uri TokenEndpoint,
    string? Project,
    string? QuotaProject
) : GoogleKey(TokenEndpoint, Project, QuotaProject)
{
    public override string Account => $"service account {ClientEmail}";
}

/// <summary>What gcloud keeps of a person who logged in.</summary>
internal sealed record UserKey(
    string ClientId,
    string ClientSecret,
    string RefreshToken,
    Uri TokenEndpoint,
    string? Project,
    string? QuotaProject
) : GoogleKey(TokenEndpoint, Project, QuotaProject)
{
    public override string Account => "user of gcloud";
}

/// <summary>A key file cannot be used; the message says why, without anything secret in it.</summary>
/// <param name="problem">What is wrong with it.</param>
/// <param name="cure">What to do about it.</param>
internal sealed class GoogleKeyException(string problem, string cure) : Exception(problem)
{
    public string Cure { get; } = cure;
}
