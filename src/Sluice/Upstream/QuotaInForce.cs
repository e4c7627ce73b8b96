using Sluice.Calls;

namespace Sluice.Upstream;

/// <summary>The authority over quotas of the moment: the program's own, or else the one that the configuration names.</summary>
/// <remarks>
/// Those that follow one another share their connections: a call that asks the former one still is answered, and nothing of it
/// stays open.
/// </remarks>
/// <param name="own">The program's own, which stays whatever the configuration names.</param>
internal sealed class QuotaInForce(IQuotaProvider? own, UpstreamOptions options, TimeProvider time) : IDisposable
{
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(UpstreamConnector.CreateHandler(options)));
    private HttpQuotaProvider? _named;
    private QuotaSettings? _settings;

    /// <summary>Who is asked; <see langword="null"/> where nobody is.</summary>
    public IQuotaProvider? Current => own ?? _named;

    /// <summary>Takes the authority that a configuration names into use, or none where it names none.</summary>
    public void Apply(QuotaSettings? settings)
    {
        if (own is not null || settings == _settings)
        {
            return;
        }

        _settings = settings;
        _named = settings is null ? null : new HttpQuotaProvider(settings, _http.Value, time);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
