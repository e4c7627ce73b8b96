using System.Collections.Concurrent;
using Sluice.Calls;

namespace Sluice.Attempts;

/// <summary>Counts first attempts and retries of each provider over a moving window; retries beyond a share of them are not made.</summary>
internal sealed class RetryBudget(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Window> _windows = new();
    private RetryBudgetSettings _settings = new();

    public RetryBudgetSettings Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    /// <summary>A call tries a target of the provider for the first time.</summary>
    public void Begin(string provider) => Of(provider).Begin(time.GetUtcNow(), Settings.Per);

    /// <summary>Takes a retry, if there is one left.</summary>
    public bool TryRetry(string provider) => Of(provider).TryRetry(time.GetUtcNow(), Settings);

    private Window Of(string provider) =>
        _windows.TryGetValue(provider, out var known) ? known : _windows.GetOrAdd(provider, static _ => new Window());

    /// <summary>The window in ten parts; the oldest goes as a new one begins.</summary>
    private sealed class Window
    {
        private const int Parts = 10;

        private readonly Lock _lock = new();
        private readonly (long Part, int Begun, int Retried)[] _parts = new (long, int, int)[Parts];

        public void Begin(DateTimeOffset now, TimeSpan per)
        {
            lock (_lock)
            {
                At_NeedsLock(now, per).Begun++;
            }
        }

        public bool TryRetry(DateTimeOffset now, RetryBudgetSettings settings)
        {
            lock (_lock)
            {
                ref var here = ref At_NeedsLock(now, settings.Per);
                var (begun, retried) = (0L, 0L);
                foreach (var (part, b, r) in _parts)
                {
                    if (part > here.Part - Parts && part <= here.Part)
                    {
                        (begun, retried) = (begun + b, retried + r);
                    }
                }

                if (retried >= settings.Least + (settings.Share * begun))
                {
                    return false;
                }

                here.Retried++;
                return true;
            }
        }

        private ref (long Part, int Begun, int Retried) At_NeedsLock(DateTimeOffset now, TimeSpan per)
        {
            var part = now.UtcTicks / Math.Max(per.Ticks / Parts, 1);
            ref var here = ref _parts[part % Parts];
            if (here.Part != part)
            {
                here = (part, 0, 0);
            }

            return ref here;
        }
    }
}
