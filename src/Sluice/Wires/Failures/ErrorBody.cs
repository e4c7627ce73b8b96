using System.Text;
using System.Text.Json;

namespace Sluice.Wires.Failures;

/// <summary>What a provider's error body says, whatever its shape and content type.</summary>
/// <param name="Code">Codes and types it names, lower case, separated by spaces.</param>
/// <param name="Message">Its message.</param>
/// <param name="RetryDelay">Gemini's <c>retryDelay</c>.</param>
internal sealed record ErrorBody(string Code, string Message, string? RetryDelay)
{
    private const int LongestMessage = 2000;

    /// <summary>Headers that name the error, where the body has its message alone.</summary>
    private static readonly string[] CodeHeaders = ["x-amzn-errortype"];

    /// <summary>What body and headers say together.</summary>
    public static ErrorBody Read(ReadOnlySpan<byte> body, Func<string, string?> headers)
    {
        var error = Read(body);
        var named = string.Join(' ', CodeHeaders.Select(headers).OfType<string>().Select(CodeOf));
        return named.Length == 0 ? error : error with { Code = $"{named} {error.Code}" };
    }

    public static ErrorBody Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var collector = new Collector();
            collector.Visit(document.RootElement, depth: 0);
            return new ErrorBody(collector.Codes.ToString(), Shorten(collector.Message ?? ""), collector.RetryDelay);
        }
        catch (JsonException)
        {
            return new ErrorBody("", Shorten(Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestMessage)])), null);
        }
    }

    /// <summary>Amazon puts a namespace before the name, or an address behind it: <c>com.amazon#Name</c>, <c>Name:http://…</c>.</summary>
    private static string CodeOf(string named) => named.Split(':')[0].Split('#')[^1].Trim().ToLowerInvariant();

    private static string Shorten(string text) => text.Length > LongestMessage ? text[..LongestMessage] : text;

    /// <summary>
    /// Gathers codes and the first message from the shapes seen: <c>{error:{…}}</c>, <c>{error:"…"}</c>, <c>{detail:"…"}</c>,
    /// <c>{errors:[…]}</c>, <c>[{error:{…}}]</c>, <c>{message,code}</c> and Responses' <c>{response:{error:{…}}}</c>.
    /// </summary>
    private sealed class Collector
    {
        public StringBuilder Codes { get; } = new();

        public string? Message { get; private set; }

        public string? RetryDelay { get; private set; }

        public void Visit(JsonElement element, int depth)
        {
            if (depth > 6)
            {
                return;
            }

            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, depth + 1);
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject())
                {
                    Visit(member, depth);
                }
            }
        }

        /// <summary>Gemini's names of quotas tell their window: <c>GenerateRequestsPerMinutePerProjectPerModel-FreeTier</c>.</summary>
        private static string QuotaOf(string id) =>
            id.Contains("PerDay", StringComparison.Ordinal) ? "quota_per_day "
            : id.Contains("PerMinute", StringComparison.Ordinal) ? "quota_per_minute "
            : "";

        private void Visit(JsonProperty member, int depth)
        {
            var value = member.Value;
            switch (member.Name)
            {
                case "code" or "type" or "status" or "reason" or "error_code" or "raw_status_code":
                    if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                    {
                        Codes.Append(value.ToString().ToLowerInvariant()).Append(' ');
                    }

                    break;
                case "__type" when value.ValueKind == JsonValueKind.String:
                    Codes.Append(CodeOf(value.GetString()!)).Append(' ');
                    break;
                case "message" or "Message" or "detail" or "error" when value.ValueKind == JsonValueKind.String:
                    Message ??= value.GetString();
                    break;
                case "retryDelay" when value.ValueKind == JsonValueKind.String:
                    RetryDelay = value.GetString();
                    break;
                case "quotaId" when value.ValueKind == JsonValueKind.String:
                    Codes.Append(QuotaOf(value.GetString()!));
                    break;
                case var name when name.EndsWith("Exception", StringComparison.Ordinal):
                    // An event of Amazon's streams is named by its member.
                    Codes.Append(name.ToLowerInvariant()).Append(' ');
                    Visit(value, depth + 1);
                    break;
                case "error" or "errors" or "details" or "detail" or "response" or "metadata" or "violations":
                    Visit(value, depth + 1);
                    break;
            }
        }
    }
}
