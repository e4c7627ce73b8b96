namespace Sluice.Calls.Aws;

/// <summary>Reads one profile of a file that Amazon's own tools share.</summary>
/// <remarks>Format: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html.</remarks>
internal static class ProfileFile
{
    /// <summary>The settings of a profile; empty when the text does not have it.</summary>
    /// <param name="text">The file.</param>
    /// <param name="profile">The profile's name, which stands after the word <c>profile</c> in one of the files.</param>
    public static IReadOnlyDictionary<string, string> Read(string text, string profile)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var inside = false;
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()))
        {
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                inside = NameOf(line) == profile;
            }
            else if (inside && !char.IsWhiteSpace(line[0]) && line.Split('=', 2) is [var name, var value])
            {
                settings[name.Trim()] = WithoutComment(value).Trim();
            }
        }

        return settings;
    }

    /// <summary>The keys among a profile's settings, if it has any.</summary>
    public static AwsKeys? KeysOf(IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue("aws_access_key_id", out var id) && settings.TryGetValue("aws_secret_access_key", out var secret)
            ? new AwsKeys(id, secret, settings.GetValueOrDefault("aws_session_token"))
            : null;

    private static string NameOf(string line)
    {
        var name = line[1..].Split(']')[0].Trim();
        return name.StartsWith("profile ", StringComparison.Ordinal) ? name["profile ".Length..].Trim() : name;
    }

    private static string WithoutComment(string value) => value.Split(" #")[0].Split(" ;")[0];
}
