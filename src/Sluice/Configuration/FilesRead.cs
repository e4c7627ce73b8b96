using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.Configuration;

/// <summary>Every file that reading a configuration looked at, found or not, with what was in it at that moment.</summary>
/// <remarks>Whoever watches compares with exactly what was read, so that no change falls between reading and watching.</remarks>
internal sealed class FilesRead
{
    private readonly IReadOnlyDictionary<string, string> _instead;
    private readonly List<SourceText> _texts = [];
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);

    /// <param name="instead">Texts that stand for what the files of these full paths hold.</param>
    public FilesRead(IReadOnlyDictionary<string, string>? instead = null) => _instead = instead ?? new Dictionary<string, string>();

    /// <summary>The texts of the configuration, the file itself first.</summary>
    public IReadOnlyList<SourceText> Texts => _texts;

    /// <summary>What each file held, secrets included, as a digest by full path.</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>The objects that were merged, the one that others stand on first.</summary>
    public List<(string Name, JsonObject Value)> Layers { get; } = [];

    /// <summary>A file of the configuration.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string ReadText(string path)
    {
        var full = Path.GetFullPath(path);
        var text = Read(full);
        if (!_texts.Exists(t => t.Path == full))
        {
            _texts.Add(new SourceText(full, text));
        }

        return text;
    }

    /// <summary>A file that the configuration refers to; what is in it is kept nowhere.</summary>
    /// <inheritdoc cref="ReadText" path="/exception"/>
    public string ReadSecret(string path) => Read(Path.GetFullPath(path));

    /// <summary>What a file holds at this moment, as a digest; the same for all that cannot be read.</summary>
    public static string DigestOf(string path)
    {
        try
        {
            return DigestOfText(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string DigestOfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Read(string full)
    {
        // Also what is not there is watched: it may come.
        _digests[full] = "";
        var text = _instead.TryGetValue(full, out var other) ? other : File.ReadAllText(full);
        _digests[full] = DigestOfText(text);
        return text;
    }
}
