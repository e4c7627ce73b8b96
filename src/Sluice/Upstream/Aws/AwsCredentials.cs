using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Upstream.Logins;

namespace Sluice.Upstream.Aws;

/// <summary>The keys of each login, held until shortly before they expire.</summary>
internal sealed class AwsCredentials : IDisposable
{
    private readonly ContainerKeys _container;
    private readonly RenewedValues<AwsLogin, AwsKeys> _keys;

    public AwsCredentials(UpstreamOptions options, TimeProvider time)
    {
        _container = new ContainerKeys(options, time);
        _keys = new RenewedValues<AwsLogin, AwsKeys>("the keys for Amazon", FetchAsync, time);
    }

    /// <exception cref="ProviderException">There are no keys to be had.</exception>
    public ValueTask<AwsKeys> GetAsync(AwsLogin login, CancellationToken cancellationToken) =>
        login.Keys is { } keys ? ValueTask.FromResult(keys) : _keys.GetAsync(login, cancellationToken);

    private async Task<Fetched<AwsKeys>> FetchAsync(AwsLogin login)
    {
        if (login.Profile is { } profile && await OfProfileAsync(profile).ConfigureAwait(false) is { } keys)
        {
            return new(keys, null);
        }

        return login.Container is { } address
            ? await _container.FetchAsync(address).ConfigureAwait(false)
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

    public void Dispose() => _container.Dispose();
}
