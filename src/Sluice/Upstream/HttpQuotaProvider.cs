using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;

namespace Sluice.Upstream;

/// <summary>Asks an authority over HTTP: <c>POST …/check</c> before an attempt, <c>POST …/record</c> after it.</summary>
/// <remarks>The contract is written down in <c>docs/quota.md</c>.</remarks>
/// <param name="settings">Where it is asked, and how.</param>
/// <param name="http">The way there; whoever made it closes it.</param>
internal sealed class HttpQuotaProvider(QuotaSettings settings, HttpMessageInvoker http, TimeProvider time) : IQuotaProvider
{
    public async ValueTask<QuotaDecision> CheckAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return DecisionOf(await PostAsync("check", request.Id, Write(request), cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException or InvalidOperationException or FormatException or TimeoutException)
        {
            return settings.FailOpen
                ? QuotaDecision.Allow
                : new QuotaDecision(false, $"the quota authority cannot be asked: {exception.Message}", TimeSpan.FromSeconds(1));
        }
    }

    public async ValueTask RecordAsync(QuotaRecord record, CancellationToken cancellationToken)
    {
        var body = Write(record);
        body["outcome"] = record.Outcome is { } outcome ? outcome.ToString().ToLowerInvariant() : "released";
        body["inputTokens"] = record.InputTokens;
        body["outputTokens"] = record.OutputTokens;
        await PostAsync("record", record.Id, body, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="HttpRequestException">It was not reached, or did not answer with success.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    private async Task<string> PostAsync(string what, string id, JsonObject body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{settings.Url.ToString().TrimEnd('/')}/{what}"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("idempotency-key", $"{what}-{id}");
        if (settings.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await http.SendAsync(request, linked.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"it answered {(int)response.StatusCode}");
            }

            return await response.Content.ReadAsStringAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not answer within {settings.Timeout.TotalMilliseconds:0} ms", exception);
        }
    }

    private static JsonObject Write(QuotaRequest request) =>
        new()
        {
            ["id"] = request.Id,
            ["tenant"] = request.Tenant,
            ["account"] = request.Account,
            ["key"] = request.Key,
            ["user"] = request.User,
            ["route"] = request.Route,
            ["provider"] = request.Provider,
            ["model"] = request.Model,
            ["tokens"] = request.Tokens,
            ["cost"] = request.Cost,
        };

    private static QuotaDecision DecisionOf(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        var allowed = root.GetProperty("allowed").GetBoolean();
        return new QuotaDecision(
            allowed,
            root.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
            root.TryGetProperty("retryAfterSeconds", out var wait) && wait.ValueKind == JsonValueKind.Number
                ? TimeSpan.FromSeconds(wait.GetDouble())
                : null,
            root.TryGetProperty("scope", out var scope) && scope.GetString() == "provider"
        );
    }
}
