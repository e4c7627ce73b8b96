using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>What is made at a provider and stays there under an id: files, vector stores, containers, conversations, caches.</summary>
internal sealed class MadeThings
{
    private static readonly Dictionary<string, string> Prefixes = new()
    {
        ["files"] = "file-",
        ["vector_stores"] = "vs_",
        ["containers"] = "cntr_",
        ["conversations"] = "conv_",
        ["cachedContents"] = "",
    };

    private int _count;

    /// <summary>Makes a thing.</summary>
    /// <param name="request">Its body is read to the end.</param>
    /// <returns>What the provider says of it; <see langword="null"/> for a request of another kind.</returns>
    public async Task<string?> MakeAsync(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var collection = path[(path.LastIndexOf('/') + 1)..];
        if (!HttpMethods.IsPost(request.Method) || !Prefixes.TryGetValue(collection, out var prefix))
        {
            return null;
        }

        var hash = await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        var id = $"{Interlocked.Increment(ref _count)}{Convert.ToHexStringLower(hash)[..16]}";
        var named = $"{collection}/{id}";
        return !path.Contains("/v1beta/", StringComparison.Ordinal)
                ? $$"""{"id":"{{prefix}}{{id}}","object":"{{collection.TrimEnd('s')}}"}"""
            : collection == "files"
                ? $$$"""{"file":{"name":"{{{named}}}","uri":"https://generativelanguage.googleapis.com/v1beta/{{{named}}}"}}"""
            : $$"""{"name":"{{named}}"}""";
    }
}
