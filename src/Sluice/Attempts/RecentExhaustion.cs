using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Remembers for ten seconds which key and body found a route exhausted: an SDK that retries then gets one attempt without waits.</summary>
/// <remarks>The route counts that was taken: where an override or a rule has led says nothing of where the same words lead without it.</remarks>
internal sealed class RecentExhaustion(TimeProvider time)
{
    private const int Bound = 10_000;

    private static readonly TimeSpan For = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new();

    public bool Seen(Call call, Route taken, ClientRequest request) =>
        !_until.IsEmpty
        && request.Head is not null
        && _until.TryGetValue(KeyOf(call, taken, request), out var until)
        && until > time.GetUtcNow();

    public void Note(Call call, Route taken, ClientRequest request)
    {
        if (request.Head is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (_until.Count >= Bound)
        {
            foreach (var (key, until) in _until)
            {
                if (until <= now)
                {
                    _until.TryRemove(key, out _);
                }
            }
        }

        if (_until.Count < Bound)
        {
            _until[KeyOf(call, taken, request)] = now + For;
        }
    }

    private static string KeyOf(Call call, Route taken, ClientRequest request) =>
        $"{call.Caller.Key}\n{call.RouteAsked}\n{taken.Name}\n{Convert.ToHexString(SHA256.HashData(request.Head!.Body.Span))}";
}
