using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Upstream;

namespace Sluice.Content;

/// <summary>Asks webhooks about texts, over the same connections and under the same egress policy as providers.</summary>
/// <remarks>The contract is written down in <c>docs/content-gates.md</c>.</remarks>
internal sealed class WebhookClient(UpstreamOptions options, TimeProvider time) : IDisposable
{
    private const int LongestAnswer = 8 * 1024 * 1024;
    private const int LongestReason = 500;

    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(UpstreamConnector.CreateHandler(options)));

    /// <exception cref="WebhookException">It was not reached, was late, or did not answer as it should.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<WebhookVerdict> AskAsync(
        ContentGate gate,
        Call call,
        WebhookQuestion question,
        CancellationToken cancellationToken
    )
    {
        var webhook = gate.Webhook!;
        using var limit = new CancellationTokenSource(webhook.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return VerdictOf(
                await PostAsync(webhook, Write(gate, call, question), linked.Token).ConfigureAwait(false),
                question.Texts.Count
            );
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WebhookException($"it did not answer within {webhook.Timeout.TotalMilliseconds:0} ms", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new WebhookException("it was not reached", exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new WebhookException("its answer is not one it may give", exception);
        }
    }

    private async Task<byte[]> PostAsync(ContentWebhook webhook, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (webhook.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await _http.Value.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new WebhookException($"it answered {(int)response.StatusCode}");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var answer = new MemoryStream();
            var piece = new byte[16 * 1024];
            while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                answer.Write(piece, 0, read);
                if (answer.Length > LongestAnswer)
                {
                    throw new WebhookException($"its answer is longer than {LongestAnswer} bytes");
                }
            }

            return answer.ToArray();
        }
    }

    private static JsonObject Write(ContentGate gate, Call call, WebhookQuestion question)
    {
        var texts = new JsonArray();
        for (var i = 0; i < question.Texts.Count; i++)
        {
            var (part, role, text) = question.Texts[i];
            var written = new JsonObject
            {
                ["part"] = PartNames.Of(part),
                ["role"] = role == ContentRole.Unsaid ? null : role.ToString().ToLowerInvariant(),
                ["text"] = text,
            };
            if (question.Before.Count > 0)
            {
                written["before"] = question.Before[i];
            }

            texts.Add((JsonNode)written);
        }

        return new JsonObject
        {
            ["id"] = call.Id,
            ["gate"] = gate.Name,
            ["stage"] = question.Stage == GateStage.Request ? "request" : "answer",
            ["attempt"] = call.Attempts.Count + 1,
            ["last"] = question.Last,
            ["route"] = call.RouteAsked,
            ["key"] = call.Caller.Key,
            ["account"] = call.Caller.Account,
            ["tenant"] = call.Caller.Tenant,
            ["user"] = call.Caller.User,
            ["texts"] = texts,
        };
    }

    private static WebhookVerdict VerdictOf(byte[] answer, int texts)
    {
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        var reason =
            root.TryGetProperty("reason", out var said) && said.ValueKind == JsonValueKind.String && said.GetString() is { } text
                ? text[..Math.Min(text.Length, LongestReason)]
                : null;
        switch (root.GetProperty("action").GetString())
        {
            case "allow":
                return new WebhookVerdict(true, reason, null);
            case "deny":
                return new WebhookVerdict(false, reason, null);
            case "redact":
                var replaced = root.GetProperty("texts").EnumerateArray().Select(t => t.GetString()).ToArray();
                return replaced.Length == texts
                    ? new WebhookVerdict(true, reason, replaced)
                    : throw new WebhookException($"it gave {replaced.Length} texts for {texts}");
            default:
                throw new WebhookException("its action is none of allow, deny, redact");
        }
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
