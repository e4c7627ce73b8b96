using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Upstream.Logins;

/// <summary>Asks endpoints that hand out keys and tokens; they answer in JSON.</summary>
/// <param name="options">How they are reached.</param>
/// <param name="named">Link-local addresses where one of them is.</param>
internal sealed class LoginEndpoint(UpstreamOptions options, TimeProvider time, ImmutableArray<IPAddress> named = default) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const int LongestDetail = 300;

    /// <summary>What is shorter stands in words by chance.</summary>
    private const int ShortestSecret = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Made when it is first needed, and apart from the client of providers: it may reach what that one may not.</summary>
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(UpstreamConnector.CreateHandler(options, named)));

    /// <param name="name">The endpoint, as a failure names it to callers.</param>
    /// <param name="request">What is asked.</param>
    /// <exception cref="ProviderException">It refused, or did not answer in JSON.</exception>
    public Task<JsonElement> AskAsync(string name, HttpRequestMessage request) => AskAsync(name, request, []);

    /// <summary>Asks for a token by a grant of OAuth 2.0.</summary>
    /// <param name="name">The endpoint, as a failure names it to callers.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="form">The grant; none of its values stands in a failure.</param>
    /// <exception cref="ProviderException">There is no token to be had.</exception>
    public async Task<Fetched<AccessToken>> GrantAsync(string name, Uri address, IReadOnlyDictionary<string, string> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        return TokenOf(name, await AskAsync(name, request, form.Values).ConfigureAwait(false));
    }

    /// <summary>The token of an answer.</summary>
    /// <exception cref="ProviderException">It has none.</exception>
    public Fetched<AccessToken> TokenOf(string name, JsonElement answer) =>
        answer.Text("access_token") is { Length: > 0 } token
            ? new(
                new AccessToken(token),
                answer.Integer("expires_in") is { } seconds and < int.MaxValue ? time.GetUtcNow().AddSeconds(seconds) : null
            )
            : throw Refused(FailureClass.Credential, $"{name} gave no token");

    private async Task<JsonElement> AskAsync(string name, HttpRequestMessage request, IEnumerable<string> secrets)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var response = await _http.Value.SendAsync(request, patience.Token).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(LongestAnswer, patience.Token).ConfigureAwait(false);
        var answer = Parse(await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false));
        if (!response.IsSuccessStatusCode)
        {
            var failure = (int)response.StatusCode is 429 or >= 500 ? FailureClass.Transient : FailureClass.Credential;
            throw Refused(
                failure,
                $"{name} answered {(int)response.StatusCode}{(CodeOf(answer) is { } code ? $" ({code})" : "")}",
                DetailOf(answer, secrets)
            );
        }

        return answer ?? throw Refused(FailureClass.Credential, $"{name} gave something that is not JSON");
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The error by its name in OAuth 2.0, <c>invalid_grant</c>.</summary>
    private static string? CodeOf(JsonElement? answer) =>
        answer?.Text("error") is { Length: > 0 and < 64 } code && code.All(c => char.IsAsciiLetterLower(c) || c == '_') ? code : null;

    /// <summary>What the endpoint says of its error, without anything it was sent.</summary>
    private static string? DetailOf(JsonElement? answer, IEnumerable<string> secrets)
    {
        if (answer?.Text("error_description") is not { } text)
        {
            return null;
        }

        foreach (var secret in secrets.Where(s => s.Length >= ShortestSecret).OrderByDescending(s => s.Length))
        {
            text = text.Replace(secret, "…", StringComparison.Ordinal);
        }

        var line = text.Split('\n', 2)[0].Trim();
        return line.Length > LongestDetail ? line[..LongestDetail] : line;
    }

    private static ProviderException Refused(FailureClass failure, string message, string? detail = null) =>
        new(failure, message) { Sent = false, Detail = detail };

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
