using System.Collections.Concurrent;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.PassThrough;

/// <summary>Which key made what at which provider: looked up in memory, written down before its maker hears of it.</summary>
/// <remarks>What is forgotten belongs to nobody, so that retention can only take an id away and never give it to somebody else.</remarks>
internal sealed class MadeIds
{
    private const int Most = 200_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private readonly SqliteIdStore _store;
    private readonly TimeProvider _time;
    private readonly int _most;
    private readonly Lock _writing = new();
    private ConcurrentDictionary<(string Provider, string Id), MadeId> _ids = [];

    public MadeIds(SqliteIdStore store, TimeProvider time, int most = Most)
    {
        (_store, _time, _most) = (store, time, most);
        Prune();
    }

    public MadeId? Find(string provider, string id) => _ids.GetValueOrDefault((provider, id));

    /// <summary>Remembers who made it; whoever came first stays its owner.</summary>
    public void Add(string provider, string id, string? key, string credential)
    {
        var made = new MadeId(provider, id, key ?? "", credential, _time.GetUtcNow());
        if (_ids.ContainsKey((provider, id)))
        {
            return;
        }

        lock (_writing)
        {
            _store.Add(made);
            _ids.TryAdd((provider, id), made);
            if (_ids.Count > _most + _most / 10)
            {
                Prune();
            }
        }
    }

    private void Prune()
    {
        _store.Prune(_time.GetUtcNow() - Kept, _most);
        _ids = new ConcurrentDictionary<(string, string), MadeId>(
            _store.List().Select(made => new KeyValuePair<(string, string), MadeId>((made.Provider, made.Id), made))
        );
    }
}
