using System.Collections.Frozen;
using Sluice.Catalog;

namespace Sluice.Wires;

/// <summary>Headers that pass between a client and a provider who say to each other what no codec reads. Credentials and cookies never do.</summary>
internal static class PassHeaders
{
    private static readonly FrozenSet<string> Request = Names(
        "accept",
        "accept-language",
        "idempotency-key",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "range"
    );

    private static readonly FrozenSet<string> Content = Names("content-disposition", "content-language", "content-type");

    private static readonly FrozenSet<string> Answer = Names(
        "accept-ranges",
        "content-disposition",
        "content-language",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        "retry-after"
    );

    /// <summary>Puts a client's header on a request, if it may pass.</summary>
    public static void PassUp(HttpRequestMessage request, WireKind wire, string name, string value)
    {
        if (Request.Contains(name) || WireHeaders.PassesUp(wire, name))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        else if (Content.Contains(name))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>The provider's headers that are passed on.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfAnswer(HttpResponseMessage response) =>
        [
            .. WireHeaders.OfAnswer(response),
            .. response
                .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .Where(h => Answer.Contains(h.Key))
                .Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString())),
        ];

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
