using Sluice.Calls;
using Sluice.Calls.Google;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Finds Google's Application Default Credentials.</summary>
/// <remarks>
/// Source: https://cloud.google.com/docs/authentication/application-default-credentials. The metadata server is asked only where
/// the configuration says so: other machines have none, and would wait for it.
/// </remarks>
internal sealed class GoogleLoginCompiler : ILoginCompiler
{
    private const string Member = "credentials";
    private const string Server = "metadata";
    private const string Gcloud = "gcloud";
    private const int LongestPath = 1000;

    private static readonly string FileVariable = LoginName.VariablesOf(LoginKind.Google)[0];

    private readonly Section _section;
    private readonly ReadContext _context;
    private readonly string? _given;
    private readonly Lazy<KeyFile?> _file;

    public GoogleLoginCompiler(Section section, ReadContext context)
    {
        (_section, _context, _given) = (section, context, section.Text(Member));
        _file = new Lazy<KeyFile?>(Find);
    }

    public bool IsGiven => _section.Has(Member);

    public string Otherwise =>
        _file.Value is { Flaw: { } flaw } file
            ? $", or a key file of Google's: '{file.Path}' cannot be used, {flaw.Message}"
            : $", or credentials as Google's own tools take them: {FileVariable}, or `gcloud auth application-default login`";

    public string? Variable(string name) => name == "project" && _file.Value?.Key is { } key ? key.Project ?? key.QuotaProject : null;

    public Login? Compile(AddressVariables variables)
    {
        if (_given == Server)
        {
            return OfServer();
        }

        if (_file.Value is not { } file)
        {
            return null;
        }

        if (file.Key is { } key)
        {
            return new GoogleFileLogin(file.Path, file.NamedBy, key.Account) { QuotaProject = key.QuotaProject };
        }

        // A file that was named is a mistake; what gcloud left behind was perhaps not meant for this.
        var flaw = file.Flaw!;
        if (file.NamedBy == Member)
        {
            _section.Error(Member, $"'{file.Path}' cannot be used: {flaw.Message}", flaw.Cure);
        }
        else if (file.NamedBy == FileVariable)
        {
            _section.Error("", $"{FileVariable} names '{file.Path}', which cannot be used: {flaw.Message}", flaw.Cure);
        }

        return null;
    }

    private KeyFile? Find()
    {
        if (IsGiven)
        {
            return _given != Server && OfMember() is { } path ? Read(path, Member) : null;
        }

        if (_context.FirstSet([FileVariable]) is { } named)
        {
            return Read(named, FileVariable);
        }

        return GcloudFile() is { } left && File.Exists(left) ? Read(left, Gcloud) : null;
    }

    /// <summary>The path in the configuration; <c>file:</c> before it changes nothing, because the file is read anew for each token.</summary>
    private string? OfMember()
    {
        const string Prefix = "file:";
        return _given?.StartsWith(Prefix, StringComparison.Ordinal) == true ? _given[Prefix.Length..] : _section.Reference(Member);
    }

    private KeyFile Read(string text, string namedBy)
    {
        if (text.Length > LongestPath || text.AsSpan().ContainsAny('{', '\n'))
        {
            var mistaken = new GoogleKeyException(
                "that is the content of a key file and not its path",
                "write it to a file and give its path"
            );
            return new KeyFile("…", namedBy, null, mistaken);
        }

        var path = namedBy == Member ? _context.PathOf(text) : Path.GetFullPath(text);
        try
        {
            return new KeyFile(path, namedBy, GoogleKey.Read(File.ReadAllText(path)), null);
        }
        catch (GoogleKeyException flaw)
        {
            return new KeyFile(path, namedBy, null, flaw);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new KeyFile(path, namedBy, null, new GoogleKeyException("it cannot be read", "check the path and its permissions"));
        }
    }

    private string? GcloudFile()
    {
        const string Name = "application_default_credentials.json";
        var folder =
            _context.FirstSet(["CLOUDSDK_CONFIG"])
            ?? (
                _context.FirstSet(["APPDATA"]) is { } data ? Path.Combine(data, "gcloud")
                : _context.FirstSet(["HOME"]) is { } home ? Path.Combine(home, ".config", "gcloud")
                : null
            );
        return folder is null ? null : Path.GetFullPath(Path.Combine(folder, Name));
    }

    private GoogleMetadataLogin? OfServer()
    {
        const string Variable = "GCE_METADATA_HOST";
        var host = _context.FirstSet([Variable]) ?? GoogleMetadataLogin.Host;
        const string Path = "/computeMetadata/v1/instance/service-accounts/default/token";
        if (
            Uri.TryCreate($"http://{host}{Path}", UriKind.Absolute, out var address)
            && address is { UserInfo: "", Fragment: "", PathAndQuery: Path }
        )
        {
            return new GoogleMetadataLogin(address);
        }

        _section.Error("", $"{Variable} is '{host}', which is no host", $"correct {Variable}, or remove it");
        return null;
    }

    /// <summary>A key file that was found.</summary>
    /// <param name="Path">Where it is; not what was given for it, if that may be a key.</param>
    private sealed record KeyFile(string Path, string NamedBy, GoogleKey? Key, GoogleKeyException? Flaw);
}
