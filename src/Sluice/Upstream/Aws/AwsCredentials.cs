using System.Runtime.CompilerServices;
using Sluice.Calls;
using Sluice.Calls.Aws;

namespace Sluice.Upstream.Aws;

/// <summary>The keys of each login, held until shortly before they expire.</summary>
/// <remarks>
/// One fetch serves everybody who waits for it; none of them can end it by going away. While keys are still good, a fetch that
/// fails does no harm.
/// </remarks>
internal sealed class AwsCredentials(ContainerEndpoint container, TimeProvider time)
{
    /// <summary>Keys are fetched anew when less than this is left to them.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>How often a file is looked at, and a failed fetch is tried again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    /// <summary>Held no longer than the configuration that has the login.</summary>
    private readonly ConditionalWeakTable<AwsLogin, Held> _held = [];

    /// <exception cref="ProviderException">There are no keys to be had.</exception>
    public async ValueTask<AwsKeys> GetAsync(AwsLogin login, CancellationToken cancellationToken)
    {
        if (login.Keys is { } keys)
        {
            return keys;
        }

        var held = _held.GetValue(login, _ => new Held());
        if (held.Fresh(time.GetUtcNow()) is { } fresh)
        {
            return fresh;
        }

        var (fetch, mine) = held.Join();
        if (mine is not null)
        {
            _ = FetchAsync(login, held, mine);
        }

        return await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchAsync(AwsLogin login, Held held, TaskCompletionSource<AwsKeys> done)
    {
        try
        {
            var (keys, expires) = await FetchAsync(login).ConfigureAwait(false);
            var now = time.GetUtcNow();
            var next = expires is { } end ? (end - Margin > now ? end - Margin : now + Again) : now + Again;
            held.Take(keys, next, expires ?? DateTimeOffset.MaxValue);
            done.SetResult(keys);
        }
        catch (Exception exception)
        {
            if (held.Keep(time.GetUtcNow(), Again) is { } still)
            {
                done.SetResult(still);
                return;
            }

            done.SetException(
                exception as ProviderException
                    ?? new ProviderException(FailureClass.Transient, "the keys for Amazon could not be fetched", exception)
                    {
                        Sent = false,
                        Detail = exception.Message,
                    }
            );
        }
    }

    private async Task<(AwsKeys Keys, DateTimeOffset? Expires)> FetchAsync(AwsLogin login)
    {
        if (login.Profile is { } profile && await OfProfileAsync(profile).ConfigureAwait(false) is { } keys)
        {
            return (keys, null);
        }

        return login.Container is { } address
            ? await container.FetchAsync(address).ConfigureAwait(false)
            : throw new ProviderException(
                FailureClass.Credential,
                $"the profile '{login.Profile?.Name}' has no access key; roles, single sign-on and processes of profiles are not followed"
            )
            {
                Sent = false,
            };
    }

    private static async Task<AwsKeys?> OfProfileAsync(AwsProfile profile)
    {
        foreach (var file in (string[])[profile.CredentialsFile, profile.ConfigFile])
        {
            if (File.Exists(file))
            {
                var text = await File.ReadAllTextAsync(file).ConfigureAwait(false);
                if (ProfileFile.KeysOf(ProfileFile.Read(text, profile.Name)) is { } keys)
                {
                    return keys;
                }
            }
        }

        return null;
    }

    /// <summary>The keys of one login.</summary>
    private sealed class Held
    {
        private readonly Lock _lock = new();
        private AwsKeys? _keys;
        private DateTimeOffset _next;
        private DateTimeOffset _expires;
        private Task<AwsKeys>? _fetch;

        public AwsKeys? Fresh(DateTimeOffset now)
        {
            lock (_lock)
            {
                return now < _next ? _keys : null;
            }
        }

        /// <returns>The fetch under way, and its end for the caller who is to start it.</returns>
        public (Task<AwsKeys> Fetch, TaskCompletionSource<AwsKeys>? Mine) Join()
        {
            lock (_lock)
            {
                if (_fetch is not null)
                {
                    return (_fetch, null);
                }

                var mine = new TaskCompletionSource<AwsKeys>(TaskCreationOptions.RunContinuationsAsynchronously);
                _fetch = mine.Task;
                return (mine.Task, mine);
            }
        }

        public void Take(AwsKeys keys, DateTimeOffset next, DateTimeOffset expires)
        {
            lock (_lock)
            {
                (_keys, _next, _expires, _fetch) = (keys, next, expires, null);
            }
        }

        /// <summary>After a fetch that failed: the old keys, as long as they are good.</summary>
        public AwsKeys? Keep(DateTimeOffset now, TimeSpan again)
        {
            lock (_lock)
            {
                _fetch = null;
                if (_keys is null || now >= _expires)
                {
                    return null;
                }

                _next = now + again < _expires ? now + again : _expires;
                return _keys;
            }
        }
    }
}
