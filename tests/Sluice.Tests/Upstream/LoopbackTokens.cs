using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Testing;

/// <summary>An endpoint that hands out tokens to whoever proves to be who he says, listening on loopback.</summary>
internal sealed class LoopbackTokens : IAsyncDisposable
{
    public const string Account = "gate@acme.iam.gserviceaccount.com";
    public const string KeyId = "key-1";
    public const string RefreshToken = "refresh-token-of-a-user";
    public const string ClientSecret = "secret-of-the-client";

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private int _tokens;

    private LoopbackTokens(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    /// <summary>The service account's key.</summary>
    public RSA Key { get; } = RSA.Create(2048);

    /// <summary>What was asked: path and form.</summary>
    public List<(string Path, IReadOnlyDictionary<string, string> Form)> Asked { get; } = [];

    /// <summary>How long a token is good.</summary>
    public TimeSpan Lifetime { get; private init; }

    /// <summary>What it answers in place of a token; may take what it was sent.</summary>
    public Func<IReadOnlyDictionary<string, string>, (int Status, string Body)>? Instead { get; set; }

    /// <summary>Held until this completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Uri Base => new(_app.Urls.First());

    public Uri Address => new(Base, "/token");

    /// <summary>How often a token was given.</summary>
    public int Given => _tokens;

    public static async Task<LoopbackTokens> StartAsync(TimeProvider time, TimeSpan? lifetime = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoint = new LoopbackTokens(app, time) { Lifetime = lifetime ?? TimeSpan.FromHours(1) };
        app.Run(endpoint.AnswerAsync);
        await app.StartAsync();
        return endpoint;
    }

    /// <summary>A key file of a service account, as Google Cloud makes it.</summary>
    public string ServiceAccountFile(RSA? key = null, string? project = "acme") =>
        JsonSerializer.Serialize(
            new Dictionary<string, string?>
            {
                ["type"] = "service_account",
                ["project_id"] = project,
                ["private_key_id"] = KeyId,
                ["private_key"] = (key ?? Key).ExportPkcs8PrivateKeyPem(),
                ["client_email"] = Account,
                ["token_uri"] = Address.AbsoluteUri,
            }
        );

    /// <summary>What gcloud leaves of a user who logged in.</summary>
    public string UserFile() =>
        $$"""{"type":"authorized_user","client_id":"gcloud","client_secret":"{{ClientSecret}}","refresh_token":"{{RefreshToken}}","quota_project_id":"quota","token_uri":"{{Address}}"}""";

    private async Task AnswerAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString())
            : [];
        lock (Asked)
        {
            Asked.Add((context.Request.Path, form));
        }

        await Gate;
        var (status, body) = Instead?.Invoke(form) ?? (Proves(context.Request, form) ? (200, Token()) : (400, Refused));
        if (status is >= 300 and < 400)
        {
            context.Response.Headers.Location = body;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private static string Refused => """{"error":"invalid_grant","error_description":"Nobody is known by this.\r\nTrace ID: 1"}""";

    private string Token() =>
        $$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","expires_in":{{Lifetime.TotalSeconds}},"token_type":"Bearer"}""";

    private bool Proves(HttpRequest request, Dictionary<string, string> form) =>
        form.GetValueOrDefault("grant_type") switch
        {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => Proves(form["assertion"]),
            "refresh_token" => (form["client_id"], form["client_secret"], form["refresh_token"]) == ("gcloud", ClientSecret, RefreshToken),
            "client_credentials" => request.Path == "/contoso.example/oauth2/v2.0/token"
                && (form["client_id"], form["client_secret"], form["scope"])
                    == ("the-client", ClientSecret, "https://cognitiveservices.azure.com/.default"),
            null => HttpMethods.IsGet(request.Method)
                && request.Path == "/computeMetadata/v1/instance/service-accounts/default/token"
                && request.Headers["Metadata-Flavor"] == "Google",
            _ => false,
        };

    /// <summary>Whether an assertion is signed by the key and says what it has to, now.</summary>
    private bool Proves(string assertion)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature])
        {
            return false;
        }

        var signed = Encoding.ASCII.GetBytes($"{header}.{claims}");
        if (!Key.VerifyData(signed, Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return false;
        }

        using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
        using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        string? Text(JsonDocument part, string name) => part.RootElement.GetProperty(name).GetString();
        long Number(string name) => body.RootElement.GetProperty(name).GetInt64();
        return (Text(head, "alg"), Text(head, "typ"), Text(head, "kid")) == ("RS256", "JWT", KeyId)
            && (Text(body, "iss"), Text(body, "aud"), Text(body, "scope"))
                == (Account, Address.AbsoluteUri, "https://www.googleapis.com/auth/cloud-platform")
            && Number("iat") == _time.GetUtcNow().ToUnixTimeSeconds()
            && Number("exp") - Number("iat") == 3600;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }
}
