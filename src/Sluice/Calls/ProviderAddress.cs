namespace Sluice.Calls;

/// <summary>Where a provider's requests are sent: one address, or one for each model where the address names it.</summary>
internal sealed class ProviderAddress
{
    private const string Escaped = "{model}";
    private const string WithSlashes = "{+model}";

    private readonly string _whole;
    private readonly string _stream;
    private readonly Uri? _wholeUri;
    private readonly Uri? _streamUri;

    /// <param name="whole">The absolute address of whole answers, perhaps with a place for the model.</param>
    /// <param name="stream">The one of streams; <see langword="null"/> where it is the same.</param>
    public ProviderAddress(string whole, string? stream = null)
    {
        (_whole, _stream) = (whole, stream ?? whole);
        (_wholeUri, _streamUri) = (Fixed(_whole), Fixed(_stream));
    }

    /// <summary>Where the vendor's addresses begin, without a trailing slash.</summary>
    public string Base { get; init; } = "";

    /// <summary>Where embeddings are served; <see langword="null"/> where they are not.</summary>
    public ProviderAddress? Embeddings { get; init; }

    /// <summary>Where tokens are counted; <see langword="null"/> where they are not.</summary>
    public ProviderAddress? CountTokens { get; init; }

    /// <summary>Whether it ends with this segment, so that a path that begins with the same would name it twice.</summary>
    public bool EndsWith(string segment) => Base.EndsWith($"/{segment}", StringComparison.Ordinal);

    public Uri Of(string model, bool stream) => (stream ? _streamUri : _wholeUri) ?? new Uri(Fill(stream ? _stream : _whole, model));

    public override string ToString() => _whole;

    private static Uri? Fixed(string address) => address.Contains("model}", StringComparison.Ordinal) ? null : new Uri(address);

    private static string Fill(string address, string model)
    {
        var escaped = Uri.EscapeDataString(model);
        var slashed = escaped.Replace("%2F", "/", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);
        return address.Replace(Escaped, escaped, StringComparison.Ordinal).Replace(WithSlashes, slashed, StringComparison.Ordinal);
    }
}
