using Sluice.Calls;

namespace Sluice.Configuration;

/// <summary>Reads whom the gateway tells and asks beside providers: <c>webhook</c> and <c>quota</c>.</summary>
internal static class OutsideCompiler
{
    /// <summary>What becomes of calls when nobody can be asked.</summary>
    public enum OnFailure
    {
        Closed,
        Open,
    }

    public static Webhook? Webhook(Section root) =>
        root.Child("webhook", "webhook") is { } section && Url(section) is { } url ? new Webhook(url, section.Secret("secret")) : null;

    public static QuotaSettings? Quota(Section root) =>
        root.Child("quota", "quota") is { } section && Url(section) is { } url
            ? new QuotaSettings(
                url,
                section.Secret("token"),
                section.Duration("timeout") ?? TimeSpan.FromSeconds(1),
                section.Choice<OnFailure>("onFailure") == OnFailure.Open
            )
            : null;

    /// <summary>The address in <c>url</c>.</summary>
    public static Uri? Url(Section section)
    {
        if (section.Reference("url") is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        section.Error("url", "not an address to post to", "write one such as \"https://example.com/hooks\"");
        return null;
    }
}
