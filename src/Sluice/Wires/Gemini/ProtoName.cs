using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Gemini takes each member under two names, <c>maxOutputTokens</c> and <c>max_output_tokens</c>; a body keeps the one it came with.</summary>
internal static class ProtoName
{
    public static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                snake.Append('_').Append(char.ToLowerInvariant(c));
            }
            else
            {
                snake.Append(c);
            }
        }

        return snake.ToString();
    }

    public static string Camel(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        var words = name.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(w => w.Length == 0 ? "_" : char.ToUpperInvariant(w[0]) + w[1..]));
    }

    /// <summary>The value of a member of a body, under whichever name it has.</summary>
    public static ReadOnlySpan<byte> Value(JsonMembers members, string name) => members.Value(In(members, name));

    /// <summary>The object that is a member of a body, under whichever name it has.</summary>
    public static JsonMembers? Object(JsonMembers members, string name) => members.Object(In(members, name));

    /// <summary>The target with everything that policy sets spelled as the body spells it, so that nothing is said twice.</summary>
    public static Target SpelledAs(JsonMembers members, Target target)
    {
        var dialect = target.Provider.Dialect;
        var limit = Path(members, dialect.OutputLimit);
        var parameters = target.Parameters.IsEmpty ? target.Parameters : Spelled(members, target.Parameters);
        return limit == dialect.OutputLimit && ReferenceEquals(parameters, target.Parameters)
            ? target
            : target with
            {
                Parameters = parameters,
                Provider = target.Provider with { Dialect = dialect with { OutputLimit = limit } },
            };
    }

    private static ImmutableDictionary<string, JsonElement> Spelled(
        JsonMembers members,
        ImmutableDictionary<string, JsonElement> parameters
    ) => parameters.ToImmutableDictionary(p => In(members, p.Key), p => Spelled(Object(members, p.Key), p.Value));

    private static JsonElement Spelled(JsonMembers? members, JsonElement value)
    {
        if (members is not { } inside || value.ValueKind != JsonValueKind.Object)
        {
            return value;
        }

        using var document = JsonDocument.Parse(
            JsonText.Object(value.Members().Select(m => (In(inside, m.Name), JsonText.Bytes(m.Value))))
        );
        return document.RootElement.Clone();
    }

    private static string Path(JsonMembers members, string path) =>
        path.Split('.', 2) is [var parent, var name]
            ? $"{In(members, parent)}.{(Object(members, parent) is { } inside ? In(inside, name) : name)}"
            : In(members, path);

    private static string In(JsonMembers members, string name) =>
        members.Find(name) is null && Snake(name) is var snake && members.Find(snake) is not null ? snake : name;
}
