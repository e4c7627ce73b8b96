using System.Runtime.CompilerServices;
using Sluice.Calls;

namespace Sluice.Upstream.Logins;

/// <summary>What each login gives, held and fetched anew shortly before it expires.</summary>
/// <remarks>
/// One fetch serves everybody who waits for it; none of them can end it by going away. While what is held is still good nobody
/// waits for the fetch, and one that fails does no harm.
/// </remarks>
/// <param name="what">What is fetched, as a failure names it.</param>
/// <param name="fetch">Fetches it for a login.</param>
internal sealed class RenewedValues<TLogin, T>(string what, Func<TLogin, Task<Fetched<T>>> fetch, TimeProvider time)
    where TLogin : Login
    where T : class
{
    /// <summary>It is fetched anew when less than this is left to it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>With less than this left it may expire on its way, and is waited for.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromSeconds(30);

    /// <summary>How often something that does not say when it expires is looked at, and a failed fetch is tried again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    /// <summary>Held no longer than the configuration that has the login.</summary>
    private readonly ConditionalWeakTable<TLogin, Held> _held = [];

    /// <exception cref="ProviderException">There is nothing to be had.</exception>
    public ValueTask<T> GetAsync(TLogin login, CancellationToken cancellationToken)
    {
        var held = _held.GetValue(login, static _ => new Held());
        var (good, fetch, mine) = held.Look(time.GetUtcNow());
        if (mine is not null)
        {
            _ = FetchAsync(login, held, mine);
        }

        return good is not null ? ValueTask.FromResult(good) : new ValueTask<T>(fetch!.WaitAsync(cancellationToken));
    }

    private async Task FetchAsync(TLogin login, Held held, TaskCompletionSource<T> done)
    {
        try
        {
            var fetched = await fetch(login).ConfigureAwait(false);
            held.Take(fetched, time.GetUtcNow());
            done.SetResult(fetched.Value);
        }
        catch (Exception exception)
        {
            if (held.Keep(time.GetUtcNow()) is { } still)
            {
                done.SetResult(still);
                return;
            }

            done.SetException(
                exception as ProviderException
                    ?? new ProviderException(FailureClass.Transient, $"{what} could not be fetched", exception)
                    {
                        Sent = false,
                        Detail = exception.Message,
                    }
            );
            // Nobody may be waiting for it.
            _ = done.Task.Exception;
        }
    }

    /// <summary>What one login gave.</summary>
    private sealed class Held
    {
        private readonly Lock _lock = new();
        private T? _value;
        private DateTimeOffset _next;
        private DateTimeOffset _serves;
        private DateTimeOffset _expires;
        private Task<T>? _fetch;

        /// <returns>What is good; the fetch under way, if one is due; its end for the caller who is to start it.</returns>
        public (T? Good, Task<T>? Fetch, TaskCompletionSource<T>? Mine) Look(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now < _next)
                {
                    return (_value, null, null);
                }

                var mine = _fetch is null ? new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                _fetch ??= mine!.Task;
                return (now < _serves ? _value : null, _fetch, mine);
            }
        }

        public void Take(Fetched<T> fetched, DateTimeOffset now)
        {
            lock (_lock)
            {
                (_value, _fetch, _expires) = (fetched.Value, null, fetched.Expires ?? DateTimeOffset.MaxValue);
                _next = fetched.Expires is { } end && end - Margin > now ? end - Margin : now + Again;
                _serves = fetched.Expires is { } last ? last - Way : _next;
                _next = _next < _serves ? _next : _serves;
            }
        }

        /// <summary>After a fetch that failed: what there was, as long as it is good.</summary>
        public T? Keep(DateTimeOffset now)
        {
            lock (_lock)
            {
                _fetch = null;
                if (_value is null || now >= _expires)
                {
                    return null;
                }

                _next = now + Again < _expires ? now + Again : _expires;
                return _value;
            }
        }
    }
}

/// <summary>Something that was fetched.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Expires">Until when it is good; <see langword="null"/> where nobody says: then it is looked at again before long.</param>
internal readonly record struct Fetched<T>(T Value, DateTimeOffset? Expires);
