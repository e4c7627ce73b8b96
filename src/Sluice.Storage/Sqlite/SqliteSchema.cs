namespace Sluice.Storage.Sqlite;

/// <summary>The tables of a data directory. Times are UTC ticks, money is nano-dollars.</summary>
internal static class SqliteSchema
{
    private const string HoldColumns = """
        hold_id INTEGER NOT NULL, held_at INTEGER NOT NULL, call TEXT NOT NULL, attempt INTEGER NOT NULL, key TEXT NOT NULL,
        role TEXT NOT NULL, route_asked TEXT NOT NULL, route TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
        credential TEXT NOT NULL, hold INTEGER NOT NULL
        """;

    public const string Version1 = $"""
        CREATE TABLE IF NOT EXISTS entries (
            sequence INTEGER PRIMARY KEY, {HoldColumns},
            settled_at INTEGER NOT NULL, outcome INTEGER NOT NULL, failure INTEGER, status INTEGER,
            input INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL,
            output INTEGER NOT NULL, reasoning INTEGER NOT NULL, input_audio INTEGER NOT NULL, output_audio INTEGER NOT NULL,
            web_searches INTEGER NOT NULL, reported_cost INTEGER, evidence INTEGER NOT NULL, cost INTEGER NOT NULL,
            duration INTEGER NOT NULL, first_content INTEGER, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS entries_call ON entries (call);
        CREATE INDEX IF NOT EXISTS entries_held_at ON entries (held_at, cost);
        CREATE TABLE IF NOT EXISTS holds ({HoldColumns}, PRIMARY KEY (hold_id)) STRICT;
        CREATE TABLE IF NOT EXISTS ring (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL) STRICT;
        INSERT OR IGNORE INTO ring VALUES (1, 0);
        CREATE TABLE IF NOT EXISTS keys (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            created_at INTEGER NOT NULL, revoked_at INTEGER
        ) STRICT;
        """;

    public const string Version2 = """
        CREATE TABLE IF NOT EXISTS made_ids (
            provider TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, credential TEXT NOT NULL, made_at INTEGER NOT NULL,
            PRIMARY KEY (provider, id)
        ) STRICT;
        """;

    /// <summary>Who asked, and what was consumed, more exactly.</summary>
    public const string Version3 = """
        ALTER TABLE holds ADD COLUMN account TEXT NOT NULL DEFAULT '';
        ALTER TABLE holds ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
        ALTER TABLE holds ADD COLUMN user TEXT NOT NULL DEFAULT '';
        ALTER TABLE holds ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        ALTER TABLE holds ADD COLUMN hold_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entries ADD COLUMN hold_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entries ADD COLUMN account TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN user TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN cache_read_audio INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entries ADD COLUMN input_image INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entries ADD COLUMN cache_read_image INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entries ADD COLUMN output_image INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>The model that answered, where an id was given to an answer.</summary>
    public const string Version4 = "ALTER TABLE made_ids ADD COLUMN model TEXT NOT NULL DEFAULT '';";

    /// <summary>What a key may do, and with which other it was made.</summary>
    public const string Version5 = """
        ALTER TABLE keys ADD COLUMN maker TEXT NOT NULL DEFAULT '';
        ALTER TABLE keys ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
        """;

    /// <summary>What each version adds to the one before it.</summary>
    public static readonly string[] Versions = [Version1, Version2, Version3, Version4, Version5];
}
