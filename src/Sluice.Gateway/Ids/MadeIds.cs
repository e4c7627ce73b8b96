using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sluice.Ledger;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Ids;

/// <summary>Which key made what at which provider, by a call or by passing through: looked up in memory, kept in the database.</summary>
/// <remarks>
/// What was asked for by itself, a file or a job, is written down before its maker hears of it. What comes with answers is many times
/// more and is written behind them: what a crash loses of it is known to nobody, and a conversation is sent whole once.
/// </remarks>
internal sealed partial class MadeIds : IAsyncDisposable
{
    private const int MostAtOnce = 1000;

    private readonly SqliteIdStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<MadeIds> _logger;
    private readonly IdRetention _things;
    private readonly IdRetention _answers;
    private readonly Lock _changing = new();
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, MadeId[]> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MadeId[]>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly Channel<(MadeId Id, bool Forgotten)> _queue = Channel.CreateUnbounded<(MadeId, bool)>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly Task _writer;
    private int _thingCount;
    private int _answerCount;

    public MadeIds(SqliteIdStore store, TimeProvider time, ILogger<MadeIds> logger, IdRetention? things = null, IdRetention? answers = null)
    {
        (_store, _time, _logger) = (store, time, logger);
        (_things, _answers) = (things ?? IdRetention.OfThings, answers ?? IdRetention.OfAnswers);
        _byText = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var made in store.List())
        {
            Insert(made);
        }

        Prune(ofAnswers: false);
        Prune(ofAnswers: true);
        _writer = Task.Run(WriteAsync);
    }

    public bool IsEmpty => _ids.IsEmpty;

    /// <summary>Who made it at this provider; <see langword="null"/> where nobody did, or so long ago that it is forgotten.</summary>
    public MadeId? Find(string provider, ReadOnlySpan<char> id)
    {
        foreach (var made in Of(id))
        {
            if (made.Provider == provider)
            {
                return made;
            }
        }

        return null;
    }

    /// <summary>What is called so, at whichever provider.</summary>
    public ReadOnlySpan<MadeId> Of(ReadOnlySpan<char> id) =>
        !_byText.TryGetValue(id, out var found) ? []
        : Array.Exists(found, Expired) ? Array.FindAll(found, m => !Expired(m))
        : found;

    /// <summary>Remembers who made a thing, now and for good; whoever came first stays its owner.</summary>
    public void Make(string provider, string id, string? key, string credential)
    {
        var made = new MadeId(provider, id, key ?? "", credential, _time.GetUtcNow());
        if (Find(provider, id) is not null)
        {
            return;
        }

        lock (_writing)
        {
            _store.Add([made]);
            Insert(made);
            if (Volatile.Read(ref _thingCount) > _things.Overflow)
            {
                Prune(ofAnswers: false);
            }
        }
    }

    /// <summary>Remembers to whom the parts of an answer were given; an id that another key was given before stays with that one.</summary>
    public void Keep(IEnumerable<string> ids, string? key, string provider, string model, string credential)
    {
        var now = _time.GetUtcNow();
        foreach (var id in ids)
        {
            var made = new MadeId(provider, id, key ?? "", credential, now) { Model = model };
            if (Insert(made))
            {
                _queue.Writer.TryWrite((made, Forgotten: false));
            }
        }
    }

    /// <summary>Nobody knows it any more.</summary>
    public void Forget(MadeId made)
    {
        Remove(made);
        _queue.Writer.TryWrite((made, Forgotten: true));
    }

    /// <summary>Writes down what is still to be written.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                WriteDown();
            }
            catch (Exception exception) when (exception is LedgerException or SqliteException)
            {
                LogNotWritten(_logger, exception);
            }
        }
    }

    private void WriteDown()
    {
        var batch = new List<MadeId>();
        MadeId? forgotten = null;
        while (batch.Count < MostAtOnce && forgotten is null && _queue.Reader.TryRead(out var next))
        {
            if (next.Forgotten)
            {
                forgotten = next.Id;
            }
            else
            {
                batch.Add(next.Id);
            }
        }

        _store.Add(batch);
        if (forgotten is not null)
        {
            _store.Remove(forgotten);
        }

        if (Volatile.Read(ref _answerCount) > _answers.Overflow)
        {
            Prune(ofAnswers: true);
        }
    }

    private bool Expired(MadeId made) => made.MadeAt < _time.GetUtcNow() - (made.OfAnswer ? _answers : _things).Kept;

    private bool Insert(MadeId made)
    {
        lock (_changing)
        {
            var same = _ids.GetValueOrDefault(made.Id, []);
            if (Array.Exists(same, m => m.Provider == made.Provider))
            {
                return false;
            }

            _ids[made.Id] = [.. same, made];
            Count(made, 1);
            return true;
        }
    }

    private void Remove(MadeId made)
    {
        lock (_changing)
        {
            var same = _ids.GetValueOrDefault(made.Id, []);
            var rest = Array.FindAll(same, m => m.Provider != made.Provider);
            if (rest.Length == same.Length)
            {
                return;
            }

            if (rest.Length > 0)
            {
                _ids[made.Id] = rest;
            }
            else
            {
                _ids.TryRemove(made.Id, out _);
            }

            Count(made, -1);
        }
    }

    private void Count(MadeId made, int one)
    {
        if (made.OfAnswer)
        {
            _answerCount += one;
        }
        else
        {
            _thingCount += one;
        }
    }

    private void Prune(bool ofAnswers)
    {
        var retention = ofAnswers ? _answers : _things;
        var old = _ids
            .Values.SelectMany(same => same)
            .Where(m => m.OfAnswer == ofAnswers)
            .OrderByDescending(m => m.MadeAt)
            .Where((made, place) => place >= retention.Most || Expired(made))
            .ToList();
        old.ForEach(Remove);
        _store.Prune(ofAnswers, _time.GetUtcNow() - retention.Kept, retention.Most);
    }

    [LoggerMessage(LogLevel.Warning, "Ids of answers could not be written down: after a restart their conversations have to be sent whole")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);
}

/// <summary>How long ids are remembered.</summary>
/// <param name="Kept">Since they were made.</param>
/// <param name="Most">How many of them, the newest.</param>
internal sealed record IdRetention(TimeSpan Kept, int Most)
{
    /// <summary>Files, jobs and whatever else was asked for by itself.</summary>
    public static IdRetention OfThings { get; } = new(TimeSpan.FromDays(400), 200_000);

    /// <summary>Answers and their parts. OpenAI keeps them for 30 days.</summary>
    public static IdRetention OfAnswers { get; } = new(TimeSpan.FromDays(30), 100_000);

    /// <summary>Room for the next ones, so that not each of them has the oldest looked for.</summary>
    public int Overflow => Most + Most / 10;
}
