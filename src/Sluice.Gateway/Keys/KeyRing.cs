using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Sluice.Calls;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Keys;

/// <summary>Who may call: hashes in memory, refreshed from the store, never a query on the way of a call.</summary>
internal sealed class KeyRing(SqliteKeyStore store)
{
    private const string Prefix = "sk-sluice-";

    private FrozenDictionary<string, Caller> _byHash = FrozenDictionary<string, Caller>.Empty;

    /// <summary>Whether a key is needed: from the first key on, also after all were revoked.</summary>
    public bool Required { get; private set; }

    public void Refresh()
    {
        var keys = store.List();
        _byHash = keys.Where(k => k.RevokedAt is null).ToFrozenDictionary(k => k.Hash, k => new Caller(k.Id));
        Required = keys.Count > 0;
    }

    /// <summary>The caller a presented key stands for, or <see langword="null"/>.</summary>
    /// <remarks>The key is hashed before it is looked up, so that time tells nothing about it.</remarks>
    public Caller? Find(ReadOnlySpan<char> presented) => presented.IsEmpty ? null : _byHash.GetValueOrDefault(HashOf(presented));

    /// <summary>A new key: shown once, kept as its hash.</summary>
    public static (string Secret, StoredKey Key) Create(string name, DateTimeOffset now)
    {
        var secret = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var id = "key_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        return (secret, new StoredKey(id, name, HashOf(secret), now, null));
    }

    public static string HashOf(ReadOnlySpan<char> secret)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(secret.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8.AsSpan(0, Encoding.UTF8.GetBytes(secret, utf8)), hash);
        ArrayPool<byte>.Shared.Return(utf8, clearArray: true);
        return Convert.ToHexStringLower(hash);
    }
}
