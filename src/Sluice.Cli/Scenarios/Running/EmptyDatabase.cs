using Microsoft.Data.Sqlite;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>The database that every gateway of a scenario begins with: its tables are made once and copied.</summary>
/// <remarks>
/// Making them takes longer than most scenarios. So does putting the database to rest whenever its last connection is closed: each
/// gateway has one that stays open, as one whose ledger is in the database has anyway.
/// </remarks>
/// <param name="directory">Where it may lie.</param>
internal sealed class EmptyDatabase(string directory)
{
    private readonly Lazy<byte[]> _content = new(() => Make(Path.Combine(directory, "empty.db")));

    /// <summary>Puts a copy into a new data directory.</summary>
    /// <returns>Its connection, to be closed when the gateway has ended.</returns>
    public SqliteConnection PutInto(string data)
    {
        Directory.CreateDirectory(data);
        var path = DataDirectory.DatabaseIn(data);
        File.WriteAllBytes(path, _content.Value);
        return SqliteDatabase.Open(path);
    }

    private static byte[] Make(string path)
    {
        SqliteDatabase.Open(path).Dispose();
        return File.ReadAllBytes(path);
    }
}
