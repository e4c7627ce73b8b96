using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;

namespace Sluice.Gateway.Protocols;

/// <summary>What is left of a key's own limits per minute, in the headers by which SDKs of the client's protocol slow down.</summary>
internal static class LimitHeaders
{
    public static void Write(HttpResponse response, WireKind wire, SluiceEngine engine, Caller caller)
    {
        if (caller.KeyPath.Length == 0)
        {
            return;
        }

        foreach (var limit in engine.Ledger.LimitsOf(caller.KeyPath))
        {
            if (limit.Budget.Window.Length != TimeSpan.FromMinutes(1))
            {
                continue;
            }

            var what = limit.Budget.Limit.Unit == BudgetUnit.Tokens ? "tokens" : "requests";
            var (most, left) = (Text(limit.Budget.Limit.Value), Text(limit.Left.Value));
            switch (wire)
            {
                case WireKind.OpenAiChat or WireKind.OpenAiResponses or WireKind.OpenAiEmbeddings:
                    response.Headers[$"x-ratelimit-limit-{what}"] = most;
                    response.Headers[$"x-ratelimit-remaining-{what}"] = left;
                    response.Headers[$"x-ratelimit-reset-{what}"] = Text(limit.RoomIn.TotalSeconds) + "s";
                    break;
                case WireKind.AnthropicMessages:
                    response.Headers[$"anthropic-ratelimit-{what}-limit"] = most;
                    response.Headers[$"anthropic-ratelimit-{what}-remaining"] = left;
                    response.Headers[$"anthropic-ratelimit-{what}-reset"] = (engine.Time.GetUtcNow() + limit.RoomIn).ToString(
                        "yyyy-MM-dd'T'HH:mm:ss'Z'",
                        CultureInfo.InvariantCulture
                    );
                    break;
            }
        }
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
