namespace Sluice.Storage.Sqlite;

/// <summary>The tables of a data directory. Times are UTC ticks, money is nano-dollars, hashes are 32 bytes.</summary>
internal static class SqliteSchema
{
    private const string Sums = """
        attempts INTEGER NOT NULL, calls INTEGER NOT NULL, unreported INTEGER NOT NULL, input INTEGER NOT NULL, cache_read INTEGER NOT NULL,
        cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL,
        input_audio INTEGER NOT NULL, cache_read_audio INTEGER NOT NULL, output_audio INTEGER NOT NULL, input_image INTEGER NOT NULL,
        cache_read_image INTEGER NOT NULL, output_image INTEGER NOT NULL, web_searches INTEGER NOT NULL, cost INTEGER NOT NULL
        """;

    /// <summary>
    /// What repeats from entry to entry is a number that <c>names</c> has the text of; a segment has names of its own, which go with
    /// it, and beyond a number of them the text itself stands in the entry. A call's id is its 16 bytes where it is one of ours.
    /// </summary>
    private const string Ledger = $"""
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY, hold_id INTEGER NOT NULL, held_at INTEGER NOT NULL, call ANY NOT NULL, attempt INTEGER NOT NULL,
            key ANY NOT NULL, account ANY NOT NULL, tenant ANY NOT NULL, user ANY NOT NULL, tags ANY NOT NULL, role ANY NOT NULL,
            route_asked ANY NOT NULL, route ANY NOT NULL, provider ANY NOT NULL, model ANY NOT NULL, credential ANY NOT NULL,
            hold INTEGER NOT NULL, hold_tokens INTEGER NOT NULL, settled_after INTEGER NOT NULL, outcome INTEGER NOT NULL, failure INTEGER, status INTEGER,
            input INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL,
            output INTEGER NOT NULL, reasoning INTEGER NOT NULL, input_audio INTEGER NOT NULL, cache_read_audio INTEGER NOT NULL,
            output_audio INTEGER NOT NULL, input_image INTEGER NOT NULL, cache_read_image INTEGER NOT NULL, output_image INTEGER NOT NULL,
            web_searches INTEGER NOT NULL, reported_cost INTEGER, evidence INTEGER NOT NULL, cost INTEGER NOT NULL,
            duration INTEGER NOT NULL, first_content INTEGER, hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX entries_call ON entries (call);
        CREATE TABLE names (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE TABLE holds (
            hold_id INTEGER PRIMARY KEY, held_at INTEGER NOT NULL, call TEXT NOT NULL, attempt INTEGER NOT NULL, key TEXT NOT NULL,
            account TEXT NOT NULL, tenant TEXT NOT NULL, user TEXT NOT NULL, tags TEXT NOT NULL, role TEXT NOT NULL,
            route_asked TEXT NOT NULL, route TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, credential TEXT NOT NULL,
            hold INTEGER NOT NULL, hold_tokens INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE ring (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL) STRICT;
        INSERT INTO ring VALUES (1, 0);
        CREATE TABLE segments (
            number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, opened_at INTEGER NOT NULL,
            newest_at INTEGER NOT NULL, first_held_at INTEGER NOT NULL, last_held_at INTEGER NOT NULL, previous_hash BLOB NOT NULL,
            last_hash BLOB NOT NULL, {Sums}, rollup_hash BLOB, hash BLOB, removed_at INTEGER
        ) STRICT;
        CREATE TABLE groups (
            id INTEGER PRIMARY KEY, provider TEXT NOT NULL, model TEXT NOT NULL, route_asked TEXT NOT NULL, route TEXT NOT NULL,
            key TEXT NOT NULL, role TEXT NOT NULL, account TEXT NOT NULL, tenant TEXT NOT NULL, user TEXT NOT NULL,
            tags TEXT NOT NULL, outcome INTEGER NOT NULL,
            UNIQUE (provider, model, route_asked, route, key, role, account, tenant, user, tags, outcome)
        ) STRICT;
        CREATE TABLE hours (
            segment INTEGER NOT NULL, start INTEGER NOT NULL, group_id INTEGER NOT NULL, {Sums}, PRIMARY KEY (segment, start, group_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE user_days (
            segment INTEGER NOT NULL, start INTEGER NOT NULL, group_id INTEGER NOT NULL, user TEXT NOT NULL, {Sums},
            PRIMARY KEY (segment, start, group_id, user)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE days (
            segment INTEGER NOT NULL, start INTEGER NOT NULL, group_id INTEGER NOT NULL, {Sums}, PRIMARY KEY (segment, start, group_id)
        ) STRICT, WITHOUT ROWID;

        """;

    private const string Keys = """
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            created_at INTEGER NOT NULL, revoked_at INTEGER, maker TEXT NOT NULL, rules TEXT NOT NULL
        ) STRICT;

        """;

    private const string Ids = """
        CREATE TABLE made_ids (
            provider TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, credential TEXT NOT NULL, made_at INTEGER NOT NULL,
            model TEXT NOT NULL, PRIMARY KEY (provider, id)
        ) STRICT;

        """;

    private const string PriceDoubts = """
        CREATE TABLE price_doubts (
            provider TEXT NOT NULL, model TEXT NOT NULL, since INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL,
            excess INTEGER NOT NULL, PRIMARY KEY (provider, model)
        ) STRICT, WITHOUT ROWID;

        """;

    private const string Revisions = """
        CREATE TABLE revisions (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, because TEXT, digest TEXT NOT NULL,
            masked INTEGER NOT NULL, errors TEXT NOT NULL, changes TEXT NOT NULL, content BLOB NOT NULL
        ) STRICT;
        CREATE TABLE announced_revisions (digest TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, because TEXT) STRICT;

        """;

    /// <summary>Why a call went elsewhere than it asked.</summary>
    private const string Whys = """
        ALTER TABLE entries ADD COLUMN why ANY NOT NULL DEFAULT '';
        ALTER TABLE holds ADD COLUMN why TEXT NOT NULL DEFAULT '';

        """;

    /// <summary>The version of the first of <see cref="Versions"/>; what is older was never released and is not read.</summary>
    public const int First = 7;

    /// <summary>What each version adds to the one before it.</summary>
    public static readonly string[] Versions = [Ledger + Keys + Ids, PriceDoubts, Revisions, Whys];

    public static int Current => First + Versions.Length - 1;
}
