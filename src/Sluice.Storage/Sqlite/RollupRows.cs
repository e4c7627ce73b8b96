using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Sqlite;

/// <summary>Adds to the hours and days of the database.</summary>
internal sealed class RollupRows : IDisposable
{
    private const string KeyColumns = "provider, model, route_asked, route, key, role, account, tenant, user, tags, outcome";

    /// <summary>Groups known without asking; beyond so many, all are looked up anew.</summary>
    private const int Most = 100_000;

    private readonly Dictionary<RollupKey, long> _groups = [];
    private readonly SqliteStatement _insertGroup;
    private readonly SqliteStatement _hours;
    private readonly SqliteStatement _days;
    private readonly SqliteStatement _userDays;
    private readonly SqliteConnection _connection;
    private long _next;

    public RollupRows(SqliteConnection connection)
    {
        _connection = connection;
        _insertGroup = new SqliteStatement(
            connection,
            $"INSERT INTO groups (id, {KeyColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        );
        _hours = new SqliteStatement(connection, Upsert("hours"));
        _days = new SqliteStatement(connection, Upsert("days"));
        _userDays = new SqliteStatement(connection, Upsert("user_days", ", user"));
        _next = (long)SqliteDatabase.Scalar(connection, "SELECT coalesce(max(id), 0) FROM groups")!;
    }

    public static string TableOf(RollupGrain grain) =>
        grain switch
        {
            RollupGrain.Hour => "hours",
            RollupGrain.Day => "days",
            _ => "user_days",
        };

    /// <summary>The columns of a key, read from the rollups of a grain and the groups they belong to.</summary>
    public static string[] KeyColumnsOf(RollupGrain grain) =>
        [.. KeyColumns.Split(", ").Select(c => c == "user" && grain == RollupGrain.UserDay ? "user_days.user" : $"groups.{c}")];

    public void Add(RollupSlot slot, RollupSums sums)
    {
        switch (slot.Grain)
        {
            case RollupGrain.UserDay:
                // Groups are kept for good, and end users are not.
                _userDays.Add(slot.Segment).Add(slot.Start).Add(GroupOf(slot.Key.OfAnyUser)).Add(slot.Key.User);
                SumColumns.Add(_userDays, sums).Run();
                break;
            case var grain:
                var statement = grain == RollupGrain.Hour ? _hours : _days;
                statement.Add(slot.Segment).Add(slot.Start).Add(GroupOf(slot.Key));
                SumColumns.Add(statement, sums).Run();
                break;
        }
    }

    /// <summary>The transaction was given up: what it made is not there.</summary>
    public void RolledBack() => _groups.Clear();

    /// <summary>A key; one whose group is not there reads as one that no entry has.</summary>
    public static RollupKey ReadKey(SqliteDataReader row, int at) =>
        new()
        {
            Provider = row.Text(at),
            Model = row.Text(at + 1),
            RouteAsked = row.Text(at + 2),
            Route = row.Text(at + 3),
            Key = row.Text(at + 4),
            Role = row.Text(at + 5),
            Account = row.Text(at + 6),
            Tenant = row.Text(at + 7),
            User = row.Text(at + 8),
            Tags = row.Text(at + 9),
            Outcome = (EntryOutcome)row.Number(at + 10),
        };

    private long GroupOf(RollupKey key)
    {
        if (_groups.TryGetValue(key, out var id))
        {
            return id;
        }

        if (_groups.Count >= Most)
        {
            _groups.Clear();
        }

        id = Find(key) ?? Insert(key);
        _groups.Add(key, id);
        return id;
    }

    private long Insert(RollupKey k)
    {
        _insertGroup
            .Add(++_next)
            .Add(k.Provider)
            .Add(k.Model)
            .Add(k.RouteAsked)
            .Add(k.Route)
            .Add(k.Key)
            .Add(k.Role)
            .Add(k.Account)
            .Add(k.Tenant)
            .Add(k.User)
            .Add(k.Tags)
            .Add((long)k.Outcome)
            .Run();
        return _next;
    }

    private long? Find(RollupKey k)
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT id FROM groups WHERE ({KeyColumns}) = ($provider, $model, $asked, $route, $key, $role, $account, $tenant, $user, $tags, $outcome)";
        command.Parameters.AddWithValue("$provider", k.Provider);
        command.Parameters.AddWithValue("$model", k.Model);
        command.Parameters.AddWithValue("$asked", k.RouteAsked);
        command.Parameters.AddWithValue("$route", k.Route);
        command.Parameters.AddWithValue("$key", k.Key);
        command.Parameters.AddWithValue("$role", k.Role);
        command.Parameters.AddWithValue("$account", k.Account);
        command.Parameters.AddWithValue("$tenant", k.Tenant);
        command.Parameters.AddWithValue("$user", k.User);
        command.Parameters.AddWithValue("$tags", k.Tags);
        command.Parameters.AddWithValue("$outcome", (long)k.Outcome);
        return (long?)command.ExecuteScalar();
    }

    private static string Upsert(string table, string more = "") =>
        $"INSERT INTO {table} (segment, start, group_id{more}, {SumColumns.Names}) VALUES (?, ?, ?{(more.Length > 0 ? ", ?" : "")}, {SumColumns.Places}) "
        + $"ON CONFLICT (segment, start, group_id{more}) DO UPDATE SET {SumColumns.Added}";

    public void Dispose()
    {
        _insertGroup.Dispose();
        _hours.Dispose();
        _days.Dispose();
        _userDays.Dispose();
    }
}
