using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Configuration;

/// <summary>The JSON schema that editors complete a configuration from, made of the table the reader uses.</summary>
internal static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write() => Write("Sluice configuration", ConfigurationMembers.Sections);

    /// <summary>The schema of a file whose objects have these members; <c>root</c> is the file itself.</summary>
    public static string Write(string title, IEnumerable<KeyValuePair<string, IReadOnlyList<Member>>> sections)
    {
        var definitions = new JsonObject();
        foreach (var (name, members) in sections)
        {
            definitions[name] = Object(members);
        }

        var root = (JsonObject)definitions["root"]!.DeepClone();
        definitions.Remove("root");
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        root["title"] = title;
        root["$defs"] = definitions;
        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Object(IReadOnlyList<Member> members)
    {
        var properties = new JsonObject();
        foreach (var member in members)
        {
            var schema = OfKind(member.Kind);
            schema["description"] = member.Default.Length == 0 ? member.Meaning : $"{member.Meaning} Default: {member.Default}.";
            properties[member.Name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject OfKind(string kind) =>
        kind.Split(':') switch
        {
            ["text" or "reference" or "duration" or "bytes"] => Type("string"),
            ["secret"] => new JsonObject { ["type"] = "string", ["pattern"] = "^(env|file):" },
            ["number"] => Type("number"),
            ["numbers"] => new JsonObject { ["type"] = "array", ["items"] = Type("number") },
            ["textOrTexts"] => new JsonObject
            {
                ["anyOf"] = new JsonArray(Type("string"), new JsonObject { ["type"] = "array", ["items"] = Type("string") }),
            },
            ["texts" or "secrets"] => new JsonObject { ["type"] = "array", ["items"] = Type("string") },
            ["bool"] => Type("boolean"),
            ["tokens" or "count"] => Type("integer"),
            ["money" or "dollars"] => Types("string", "number"),
            ["fallback"] => Types("string", "object"),
            ["choice", var values] => new JsonObject { ["enum"] = new JsonArray([.. values.Split('|').Select(v => (JsonNode)v)]) },
            ["section", var name] => Ref(name),
            ["mapOrFalse", var name] => new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["const"] = false },
                    new JsonObject { ["type"] = "object", ["additionalProperties"] = Ref(name) }
                ),
            },
            ["text", var name] => new JsonObject { ["anyOf"] = new JsonArray(Type("string"), Ref(name)) },
            ["map", "textOr", var name] => new JsonObject { ["type"] = "object", ["additionalProperties"] = TextOr(name) },
            ["map", "texts"] => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = Type("string") },
            },
            ["map", "text"] => new JsonObject { ["type"] = "object", ["additionalProperties"] = Type("string") },
            ["map", var name] => new JsonObject { ["type"] = "object", ["additionalProperties"] = Ref(name) },
            ["list", "target"] => new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["anyOf"] = new JsonArray(Type("string"), Ref("target")) },
            },
            ["list", var name] => new JsonObject { ["type"] = "array", ["items"] = Ref(name) },
            _ => new JsonObject(),
        };

    /// <summary>A text or an object, once or in a list.</summary>
    private static JsonObject TextOr(string name)
    {
        JsonObject One() => new() { ["anyOf"] = new JsonArray(Type("string"), Ref(name)) };
        return new JsonObject { ["anyOf"] = new JsonArray(One(), new JsonObject { ["type"] = "array", ["items"] = One() }) };
    }

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Types(string one, string other) => new() { ["type"] = new JsonArray(one, other) };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/$defs/{name}" };
}
