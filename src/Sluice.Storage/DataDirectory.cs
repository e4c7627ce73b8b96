using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Ring;
using Sluice.Storage.Sqlite;

namespace Sluice.Storage;

/// <summary>Where a gateway keeps its ledger, ring, keys and what it knows of targets.</summary>
internal sealed class DataDirectory
{
    /// <exception cref="LedgerException">The directory cannot be made.</exception>
    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                $"the data directory {Path} cannot be made: {exception.Message}; choose another with --data",
                exception
            );
        }
    }

    public string Path { get; }

    public string Database => DatabaseIn(Path);

    public string Ring => System.IO.Path.Combine(Path, "ledger.ring");

    /// <summary>What is known of targets, over a restart.</summary>
    public string Health => HealthIn(Path);

    /// <summary>Where the ends of the ledger's chain are written down outside of it.</summary>
    public LedgerAnchors Anchors => new(System.IO.Path.Combine(Path, "ledger.anchors"));

    /// <summary>The admin listener's key, readable by its owner only.</summary>
    public string AdminKey => System.IO.Path.Combine(Path, "admin.key");

    /// <summary>Where the gateway that runs on this directory listens; <see langword="null"/> when none has said so.</summary>
    /// <remarks>One that was killed leaves its address behind: it counts only while the ledger is in use.</remarks>
    public Uri? Gateway
    {
        get => Address("gateway.url");
        set => SetAddress("gateway.url", value);
    }

    /// <summary>Where that gateway listens for operators.</summary>
    public Uri? Admin
    {
        get => Address("admin.url");
        set => SetAddress("admin.url", value);
    }

    /// <summary>Whether a gateway or a command has the ledger open.</summary>
    public bool InUse
    {
        get
        {
            if (!File.Exists(Ring))
            {
                return false;
            }

            try
            {
                // Whoever owns the ring owns the directory.
                using var ring = MappedRing.Open(Ring, 0);
                return false;
            }
            catch (LedgerInUseException)
            {
                return true;
            }
        }
    }

    private Uri? Address(string file) =>
        System.IO.Path.Combine(Path, file) is var path && File.Exists(path) ? new Uri(File.ReadAllText(path).Trim()) : null;

    private void SetAddress(string file, Uri? address)
    {
        var path = System.IO.Path.Combine(Path, file);
        if (address is not null)
        {
            File.WriteAllText(path, address.ToString());
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    public SqliteKeyStore Keys => new(Database);

    /// <summary>Who made what at which provider.</summary>
    public SqliteIdStore Ids => new(Database);

    /// <summary>Which configurations were in force, since when, and by whom.</summary>
    public SqliteRevisionStore Revisions => new(Database);

    /// <summary>Where the database of a directory is, made or not.</summary>
    public static string DatabaseIn(string directory) => System.IO.Path.Combine(directory, "sluice.db");

    /// <summary>Where the health of targets is kept in a directory.</summary>
    public static string HealthIn(string directory) => System.IO.Path.Combine(directory, "health.json");

    /// <summary>Puts a copy of a database in the place of this one, and moves what is there aside: database, ring and anchors belong together.</summary>
    /// <param name="replace">Whether there may be something.</param>
    /// <returns>The directory it was moved to; <see langword="null"/> when there was nothing.</returns>
    /// <exception cref="LedgerException">A gateway runs on it, or there is something that may not be replaced.</exception>
    public string? Replace(string copy, bool replace, TimeProvider time)
    {
        string[] old = [.. new[] { Database, Database + "-wal", Database + "-shm", Ring, Anchors.Path }.Where(File.Exists)];
        if (old.Length > 0 && !replace)
        {
            throw new LedgerException($"there is a ledger in {Path} already; --replace moves it aside");
        }

        if (File.Exists(Ring))
        {
            // Whoever owns the ring owns the directory.
            using var ring = MappedRing.Open(Ring, 0);
        }

        var half = Database + ".restored";
        File.Copy(copy, half, overwrite: true);
        var aside = old.Length == 0 ? null : System.IO.Path.Combine(Path, $"replaced-{time.GetUtcNow():yyyyMMddTHHmmssZ}");
        if (aside is not null)
        {
            Directory.CreateDirectory(aside);
            foreach (var file in old)
            {
                File.Move(file, System.IO.Path.Combine(aside, System.IO.Path.GetFileName(file)));
            }
        }

        File.Move(half, Database);
        using var store = new SqliteLedgerStore(Database);
        if (store.ReadTail() is { Sequence: > 0 } tail)
        {
            Anchors.Add(new LedgerAnchor(tail.Sequence, tail.Hash, time.GetUtcNow()));
        }

        return aside;
    }

    /// <exception cref="LedgerException">Another process has it open, or it cannot be read.</exception>
    public LedgerBook OpenLedger(LedgerSettings settings, TimeProvider time)
    {
        var store = new SqliteLedgerStore(Database);
        try
        {
            return LedgerBook.Open(store, Ring, settings, time, Anchors);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
