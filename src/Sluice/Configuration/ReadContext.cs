namespace Sluice.Configuration;

/// <summary>What reading a configuration needs from outside, and where its errors gather.</summary>
internal sealed class ReadContext(Func<string, string?> environment, Func<string, string> readFile, string directory)
{
    /// <summary>How the problem begins when a variable is not set, which may be so only where the configuration is looked at.</summary>
    public const string NotSet = "the environment variable ";

    private readonly List<ConfigurationError> _errors = [];

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public Func<string, string?> Environment { get; } = environment;

    /// <summary>Which members each kind of object may have.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Member>> Members { get; init; } = ConfigurationMembers.Sections;

    /// <summary>The first of these environment variables that is set.</summary>
    public string? FirstSet(IReadOnlyList<string> variables) => variables.Select(Environment).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    public void Error(string path, string problem, string cure) => _errors.Add(new ConfigurationError(path, problem, cure));

    /// <summary><c>env:NAME</c>, <c>env:NAME:-default</c> and <c>file:PATH</c> become what they refer to; anything else is itself.</summary>
    public string? Resolve(string text, string path) =>
        text.StartsWith("env:", StringComparison.Ordinal) ? FromEnvironment(text["env:".Length..], path)
        : text.StartsWith("file:", StringComparison.Ordinal) ? FromFile(text["file:".Length..], path)
        : text;

    public string? ResolveSecret(string text, string path)
    {
        if (text.Contains(":-", StringComparison.Ordinal))
        {
            Error(path, "a secret has a default", "a key written there would stand in the file; write \"env:NAME\" alone");
            return null;
        }

        if (text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal))
        {
            return Resolve(text, path);
        }

        Error(path, "a secret is written out", "put it into the environment or a file and write \"env:NAME\" or \"file:PATH\"");
        return null;
    }

    private string? FromEnvironment(string reference, string path)
    {
        var (name, otherwise) = reference.Split(":-", 2) is [var first, var second] ? (first, second) : (reference, null);
        if (Environment(name) is { Length: > 0 } value)
        {
            return value;
        }

        if (otherwise is null)
        {
            Error(path, $"{NotSet}{name} is not set", $"set it, or write \"env:{name}:-default\"");
        }

        return otherwise;
    }

    /// <summary>Where a file is that the configuration names.</summary>
    public string PathOf(string file) => Path.GetFullPath(Path.Combine(directory, file));

    private string? FromFile(string file, string path)
    {
        try
        {
            return readFile(PathOf(file)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Error(path, $"the file {file} cannot be read", "check the path, which is relative to the configuration, and its permissions");
            return null;
        }
    }
}
