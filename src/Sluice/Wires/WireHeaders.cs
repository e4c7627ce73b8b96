using System.Collections.Frozen;
using Sluice.Catalog;

namespace Sluice.Wires;

/// <summary>Headers that belong to a wire and pass between its client and its provider; everything else stays here, credentials first.</summary>
internal static class WireHeaders
{
    private static readonly FrozenSet<string> AnthropicRequest = Names("anthropic-version", "anthropic-beta");

    private static readonly FrozenSet<string> OpenAiRequest = Names(
        "openai-organization",
        "openai-project",
        "openai-beta",
        "x-client-request-id"
    );

    private static readonly string[] AnswerPrefixes =
    [
        "anthropic-ratelimit-",
        "x-ratelimit-",
        "openai-",
        "request-id",
        "x-request-id",
        "anthropic-organization-id",
        "x-amzn-requestid",
    ];

    /// <summary>Whether a client's request header is passed on to a provider of the same wire.</summary>
    public static bool PassesUp(WireKind wire, string name) =>
        wire switch
        {
            WireKind.AnthropicMessages => AnthropicRequest.Contains(name),
            WireKind.OpenAiChat or WireKind.OpenAiResponses or WireKind.OpenAiEmbeddings => OpenAiRequest.Contains(name),
            _ => false,
        };

    /// <summary>The provider's headers that are passed on to a client of the same wire.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfAnswer(HttpResponseMessage response)
    {
        List<KeyValuePair<string, string>>? passed = null;
        foreach (var header in response.Headers.NonValidated)
        {
            if (PassesDown(header.Key))
            {
                (passed ??= []).Add(new(header.Key, header.Value.ToString()));
            }
        }

        return passed ?? [];
    }

    private static bool PassesDown(string name)
    {
        foreach (var prefix in AnswerPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
