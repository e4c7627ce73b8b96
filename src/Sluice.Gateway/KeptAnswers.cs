using Sluice.Calls;

namespace Sluice.Gateway;

/// <summary>What providers keep of answers that passed through here: each for the key that made it, the oldest forgotten first.</summary>
/// <remarks>
/// Whoever knows an id of a provider could read the conversation behind it, because all callers share the provider's account. So an
/// id is good only for the key it was given to. It is remembered in memory: after a restart a conversation has to be sent whole once.
/// </remarks>
internal sealed class KeptAnswers(int most = KeptAnswers.Most)
{
    private const int Most = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string? Key, Keeper Keeper)> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <param name="ids">The ids the provider gave.</param>
    /// <param name="key">The key of the caller.</param>
    /// <param name="keeper">Who keeps them.</param>
    public void Add(IReadOnlyList<string> ids, string? key, Keeper keeper)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                // An id that another key was given before stays with that one.
                if (_known.TryAdd(id, (key, keeper)))
                {
                    _order.Enqueue(id);
                }
            }

            while (_order.Count > most)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Who keeps it, for the key it was given to; <see langword="null"/> for anybody else.</summary>
    public Keeper? Find(string id, string? key)
    {
        lock (_lock)
        {
            return _known.TryGetValue(id, out var found) && found.Key == key ? found.Keeper : null;
        }
    }

    public void Forget(string id)
    {
        lock (_lock)
        {
            _known.Remove(id);
        }
    }
}
