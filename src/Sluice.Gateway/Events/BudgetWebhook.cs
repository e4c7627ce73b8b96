using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Gateway.Admin;
using Sluice.Ledger;
using Sluice.Upstream;

namespace Sluice.Gateway.Events;

/// <summary>Posts events as JSON, signed, and again until they are taken.</summary>
/// <remarks>Headers and signature follow https://www.standardwebhooks.com: a receiver checks them with any of its libraries.</remarks>
internal sealed partial class BudgetWebhook(UpstreamOptions options, TimeProvider time, ILogger<BudgetWebhook> logger) : IDisposable
{
    /// <summary>Pauses between attempts; after the last one the event is given up, which the log says.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(UpstreamConnector.CreateHandler(options));

    public async Task SendAsync(Webhook receiver, BudgetEvent told, CancellationToken cancellationToken)
    {
        var id = $"evt_{Guid.CreateVersion7(told.At):N}";
        var body = Encoding.UTF8.GetBytes(Payload(id, told).ToJsonString());
        for (var attempt = 0; ; attempt++)
        {
            var problem = await TryAsync(receiver, id, body, cancellationToken).ConfigureAwait(false);
            if (problem is null)
            {
                return;
            }

            if (attempt == Pauses.Length)
            {
                LogGivenUp(logger, id, attempt + 1, problem);
                return;
            }

            await Task.Delay(Pauses[attempt], time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>What went wrong; <see langword="null"/> when the event was taken.</returns>
    private async Task<string?> TryAsync(Webhook receiver, string id, byte[] body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(receiver, id, body);
            using var response = await _http.SendAsync(request, linked.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"the receiver answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the receiver did not answer within {Patience.TotalSeconds:0} s";
        }
    }

    private HttpRequestMessage Request(Webhook receiver, string id, byte[] body)
    {
        var sent = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", sent);
        if (receiver.Secret is { } secret)
        {
            byte[] text = [.. Encoding.UTF8.GetBytes($"{id}.{sent}."), .. body];
            request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), text))}");
        }

        return request;
    }

    /// <summary>The key a secret stands for: with the usual prefix, base64; else the bytes of the text itself.</summary>
    private static byte[] KeyOf(string secret) =>
        secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret[6..]) : Encoding.UTF8.GetBytes(secret);

    private static JsonObject Payload(string id, BudgetEvent told) =>
        new()
        {
            ["id"] = id,
            ["type"] = told.Kind switch
            {
                BudgetEventKind.UsedUp => "budget.used_up",
                BudgetEventKind.Depletion => "budget.depletion",
                _ => "budget.threshold",
            },
            ["timestamp"] = told.At,
            ["data"] = new JsonObject
            {
                ["used"] = told.Kind == BudgetEventKind.Depletion ? null : told.Number,
                ["daysLeft"] = told.Kind == BudgetEventKind.Depletion ? told.Number : null,
                ["budget"] = BudgetJson.Write(told.Status),
            },
        };

    public void Dispose() => _http.Dispose();

    [LoggerMessage(LogLevel.Error, "The webhook did not take event {Id} in {Attempts} attempts: {Problem}")]
    private static partial void LogGivenUp(ILogger logger, string id, int attempts, string problem);
}
