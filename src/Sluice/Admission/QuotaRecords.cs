using System.Threading.Channels;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>Carries records to the authority behind the calls, in order, and again until it takes them.</summary>
internal sealed class QuotaRecords : IAsyncDisposable
{
    /// <summary>Records that wait; past it the oldest are dropped and counted.</summary>
    private const int MostWaiting = 100_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Func<IQuotaProvider?> _authority;
    private readonly TimeProvider _time;
    private readonly Channel<QuotaRecord> _records;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _dropped;

    public QuotaRecords(Func<IQuotaProvider?> authority, TimeProvider time)
    {
        (_authority, _time) = (authority, time);
        _records = Channel.CreateBounded<QuotaRecord>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped)
        );
        _loop = Task.Run(RunAsync);
    }

    /// <summary>How many records never reached the authority.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Why the authority did not take the last one that it refused.</summary>
    public Exception? LastFailure { get; private set; }

    public void Add(QuotaRecord record) => _records.Writer.TryWrite(record);

    private async Task RunAsync()
    {
        await foreach (var record in _records.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            var pause = TimeSpan.FromSeconds(1);
            while (!await TryAsync(record).ConfigureAwait(false))
            {
                if (_stop.IsCancellationRequested)
                {
                    Interlocked.Increment(ref _dropped);
                    break;
                }

                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
            }
        }
    }

    private async Task<bool> TryAsync(QuotaRecord record)
    {
        try
        {
            if (_authority() is { } quota)
            {
                await quota.RecordAsync(record, CancellationToken.None).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LastFailure = exception;
            return false;
        }
    }

    /// <summary>Tells what is left, once.</summary>
    public async ValueTask DisposeAsync()
    {
        _records.Writer.Complete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }
}
