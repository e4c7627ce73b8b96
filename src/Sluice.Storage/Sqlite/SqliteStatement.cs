using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>A statement that is prepared once, bound by position and run thousands of times a second.</summary>
/// <remarks>
/// A command of ADO.NET looks every parameter up by its name, boxes every number and makes a reader for every row: a third of what
/// a call costs at full load. Reads, which are rare, use commands. Most columns of a row are as in the row before, and what is bound
/// stays bound: only what differs is bound anew.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const int Short = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Value[] _values;
    private int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _values = new Value[raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>Binds the next parameter.</summary>
    public SqliteStatement Add(long value)
    {
        if (Differs(new Value(Kind.Number, value, null)))
        {
            Check(raw.sqlite3_bind_int64(_statement, _bound, value));
        }

        return this;
    }

    /// <inheritdoc cref="Add(long)"/>
    public SqliteStatement Add(long? value)
    {
        if (value is { } number)
        {
            return Add(number);
        }

        if (Differs(new Value(Kind.Null, 0, null)))
        {
            Check(raw.sqlite3_bind_null(_statement, _bound));
        }

        return this;
    }

    /// <inheritdoc cref="Add(long)"/>
    public SqliteStatement Add(string value)
    {
        if (Differs(new Value(Kind.Text, 0, value)))
        {
            BindText(value);
        }

        return this;
    }

    /// <summary>Binds bytes; they are as good as never those of the row before.</summary>
    public SqliteStatement Add(ReadOnlySpan<byte> value)
    {
        _values[_bound++] = default;
        Check(raw.sqlite3_bind_blob(_statement, _bound, value));
        return this;
    }

    private void BindText(string value)
    {
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = size > Short ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[Short];
        // The slice is never of the empty span, which would be bound as NULL.
        Check(raw.sqlite3_bind_text(_statement, _bound, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Moves on to the next parameter; whether it is bound to another value.</summary>
    private bool Differs(Value value)
    {
        ref var bound = ref _values[_bound++];
        if (bound == value)
        {
            return false;
        }

        bound = value;
        return true;
    }

    /// <summary>Runs the statement with what was bound, and makes it ready for the next row.</summary>
    /// <exception cref="SqliteException">The database did not take it.</exception>
    public void Run()
    {
        _bound = 0;
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        Check(result);
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            // What was bound so far belongs to a row that is given up, and what failed to be bound is not.
            _bound = 0;
            Array.Clear(_values);
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }

    public void Dispose() => _statement.Dispose();

    private readonly record struct Value(Kind Kind, long Number, string? Text);

    private enum Kind
    {
        Unbound,
        Null,
        Number,
        Text,
    }
}
