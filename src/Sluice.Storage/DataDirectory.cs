using Sluice.Ledger;
using Sluice.Storage.Sqlite;

namespace Sluice.Storage;

/// <summary>Where a gateway keeps its ledger, ring and keys.</summary>
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

    /// <summary>Where the database of a directory is, made or not.</summary>
    public static string DatabaseIn(string directory) => System.IO.Path.Combine(directory, "sluice.db");

    /// <exception cref="LedgerException">Another process has it open, or it cannot be read.</exception>
    public LedgerBook OpenLedger(LedgerSettings settings, TimeProvider time)
    {
        var store = new SqliteLedgerStore(Database);
        try
        {
            return LedgerBook.Open(store, Ring, settings, time);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
