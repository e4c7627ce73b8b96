using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sluice.Calls;
using Sluice.Gateway.Protocols;
using Sluice.Ledger;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Keys;

/// <summary>Who may call: hashes in memory, refreshed from the store, never a query on the way of a call.</summary>
internal sealed class KeyRing(SqliteKeyStore store, TimeProvider time)
{
    private const string Prefix = "sk-sluice-";

    /// <summary>How far keys may be made with keys that were made with keys.</summary>
    private const int Deepest = 3;

    private FrozenDictionary<string, KnownKey> _byHash = FrozenDictionary<string, KnownKey>.Empty;
    private IReadOnlyList<StoredKey> _stored = [];

    /// <summary>Whether a key is needed: from the first key on, also after all were revoked.</summary>
    public bool Required { get; private set; }

    /// <summary>Limits and budgets of all keys.</summary>
    public ImmutableArray<Budget> Budgets { get; private set; } = [];

    /// <summary>Told when <see cref="Budgets"/> are others than before.</summary>
    public event Action? BudgetsChanged;

    public void Refresh()
    {
        var stored = store.List();
        if (stored.SequenceEqual(_stored))
        {
            return;
        }

        _stored = stored;
        var byId = stored.ToDictionary(k => k.Id);
        var known = stored.Where(k => IsAlive(k, byId)).Select(k => KnownKey.Of(k, PathOf(k, byId))).ToList();
        _byHash = known.ToFrozenDictionary(k => k.Key.Hash);
        Required = stored.Count > 0;
        Budgets = [.. known.SelectMany(BudgetsOf)];
        BudgetsChanged?.Invoke();
    }

    /// <summary>The caller a presented key stands for, or <see langword="null"/>.</summary>
    /// <remarks>The key is hashed before it is looked up, so that time tells nothing about it.</remarks>
    public Caller? Find(ReadOnlySpan<char> presented) => Known(presented)?.Caller;

    /// <summary>A key that a caller makes with his own.</summary>
    /// <exception cref="ClientErrorException">His own may not make keys, or not such a one.</exception>
    public (string Secret, StoredKey Key) Mint(ReadOnlySpan<char> presented, string name, KeyRules rules)
    {
        var maker = Known(presented) ?? throw new ClientErrorException(401, ErrorKind.Unauthenticated, "no valid key");
        var beyond = !maker.Rules.Mints ? ["making keys is not allowed"] : rules.BeyondThoseOf(maker.Rules).ToList();
        if (maker.Caller.KeyPath.Split('/').Length >= Deepest)
        {
            beyond.Add($"keys are made at most {Deepest} deep");
        }

        if (beyond.Count > 0)
        {
            throw new ClientErrorException(403, ErrorKind.Forbidden, $"a key makes only weaker keys: {string.Join("; ", beyond)}");
        }

        var (secret, key) = Create(name, rules, time.GetUtcNow(), maker.Key.Id);
        store.Add(key);
        Refresh();
        return (secret, key);
    }

    public static BudgetSelector SelectorOf(string keyPath) =>
        new([KeyValuePair.Create(BudgetDimension.Key, ImmutableArray.Create(keyPath))]);

    private KnownKey? Known(ReadOnlySpan<char> presented) =>
        !presented.IsEmpty && _byHash.GetValueOrDefault(HashOf(presented)) is { } known && !(known.Expires <= time.GetUtcNow())
            ? known
            : null;

    private static IEnumerable<Budget> BudgetsOf(KnownKey known)
    {
        var path = known.Caller.KeyPath;
        return known
            .Rules.Limits.ToBudgets($"key {known.Key.Id}", SelectorOf(path), BudgetUnit.Requests)
            .Concat(known.Rules.Budgets.Select(b => b.ToBudget(path)));
    }

    /// <summary>A key is worth what those are worth that it was made with.</summary>
    private static bool IsAlive(StoredKey key, Dictionary<string, StoredKey> byId) =>
        key.RevokedAt is null && (key.Maker.Length == 0 || (byId.TryGetValue(key.Maker, out var maker) && IsAlive(maker, byId)));

    private static string PathOf(StoredKey key, Dictionary<string, StoredKey> byId) =>
        key.Maker.Length > 0 && byId.TryGetValue(key.Maker, out var maker) ? $"{PathOf(maker, byId)}/{key.Id}" : key.Id;

    /// <summary>A new key: shown once, kept as its hash.</summary>
    public static (string Secret, StoredKey Key) Create(string name, KeyRules rules, DateTimeOffset now, string maker = "")
    {
        var secret = NewSecret();
        var id = "key_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        return (secret, new StoredKey(id, name, HashOf(secret), now, null, maker, rules.Write().ToJsonString()));
    }

    public static string NewSecret() =>
        Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string HashOf(ReadOnlySpan<char> secret)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(secret.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8.AsSpan(0, Encoding.UTF8.GetBytes(secret, utf8)), hash);
        ArrayPool<byte>.Shared.Return(utf8, clearArray: true);
        return Convert.ToHexStringLower(hash);
    }
}

/// <summary>A key that is worth something, with what it may do.</summary>
internal sealed record KnownKey(StoredKey Key, KeyRules Rules, Caller Caller, DateTimeOffset? Expires)
{
    public static KnownKey Of(StoredKey key, string path)
    {
        var rules = KeyRules.Parse(key.Rules);
        var caller = new Caller(key.Id)
        {
            KeyPath = path,
            Account = rules.Account,
            Routes = rules.Routes,
            Pins = rules.Pins,
            Roles = rules.Roles,
            Overrides = rules.Overrides,
        };
        return new KnownKey(key, rules, caller, rules.Expires);
    }
}
