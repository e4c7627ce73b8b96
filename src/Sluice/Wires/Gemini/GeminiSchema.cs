using System.Buffers;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>
/// Gemini knows schemas in two forms: its own subset of OpenAPI's, and a part of JSON Schema. What fits the first is written so, as
/// every model takes it; what does not is written in the second, without what that leaves out.
/// </summary>
/// <remarks>Source: https://ai.google.dev/api/caching#Schema and https://ai.google.dev/api/generate-content#GenerationConfig.</remarks>
internal static class GeminiSchema
{
    private static readonly HashSet<string> Subset =
    [
        "type",
        "format",
        "title",
        "description",
        "nullable",
        "enum",
        "const",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "required",
        "minProperties",
        "maxProperties",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "anyOf",
        "propertyOrdering",
        "default",
        "$schema",
    ];

    private static readonly HashSet<string> Json =
    [
        "$id",
        "$defs",
        "$ref",
        "$anchor",
        "type",
        "format",
        "title",
        "description",
        "enum",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "anyOf",
        "oneOf",
        "properties",
        "additionalProperties",
        "required",
        "propertyOrdering",
    ];

    /// <summary>Writes a schema as the member of this name, or of the name for JSON Schema where it does not fit the subset.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement schema, string subsetName, string jsonName, Losses losses)
    {
        if (Fits(schema))
        {
            json.WritePropertyName(subsetName);
            WriteSubset(json, schema);
        }
        else
        {
            json.WritePropertyName(jsonName);
            WriteJson(json, schema, losses);
        }
    }

    /// <summary>The JSON schema that a schema in Gemini's own form stands for.</summary>
    public static JsonElement ToJsonSchema(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            WriteAsJsonSchema(json, schema);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static bool Fits(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || (schema.Get("type") is null && schema.Get("anyOf") is null))
        {
            return false;
        }

        foreach (var member in schema.Members())
        {
            if (!Subset.Contains(member.Name) || !Fits(schema, member))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(JsonElement schema, JsonProperty member) =>
        member.Name switch
        {
            "type" => TypeOf(member.Value).Type is not null,
            "const" => member.Value.ValueKind == JsonValueKind.String,
            "enum" => member.Value.ValueKind == JsonValueKind.Array
                && member.Value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String),
            "format" => schema.Get("type") is not { } type
                || TypeOf(type).Type != "string"
                || member.Value.GetString() is "enum" or "date-time",
            "items" => Fits(member.Value),
            "anyOf" => member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().All(Fits),
            "properties" => member.Value.ValueKind == JsonValueKind.Object && member.Value.Members().All(p => Fits(p.Value)),
            _ => true,
        };

    /// <summary>One type, perhaps with null beside it; no type where there are more.</summary>
    private static (string? Type, bool Nullable) TypeOf(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
        {
            return (type.GetString(), false);
        }

        var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).ToList() : [];
        var others = types.Where(t => t != "null").ToList();
        return others is [var only] ? (only, types.Count > 1) : (null, false);
    }

    private static void WriteSubset(Utf8JsonWriter json, JsonElement schema)
    {
        json.WriteStartObject();
        foreach (var member in schema.Members())
        {
            switch (member.Name)
            {
                case "$schema":
                    break;
                case "type":
                    var (type, nullable) = TypeOf(member.Value);
                    json.WriteString("type", type);
                    if (nullable)
                    {
                        json.WriteBoolean("nullable", true);
                    }

                    break;
                case "const":
                    json.WriteStartArray("enum");
                    member.Value.WriteTo(json);
                    json.WriteEndArray();
                    break;
                case "items":
                    json.WritePropertyName("items");
                    WriteSubset(json, member.Value);
                    break;
                case "anyOf":
                    json.WriteStartArray("anyOf");
                    foreach (var one in member.Value.EnumerateArray())
                    {
                        WriteSubset(json, one);
                    }

                    json.WriteEndArray();
                    break;
                case "properties":
                    json.WriteStartObject("properties");
                    foreach (var property in member.Value.Members())
                    {
                        json.WritePropertyName(property.Name);
                        WriteSubset(json, property.Value);
                    }

                    json.WriteEndObject();
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, JsonElement schema, Losses losses)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        // Beside a reference nothing else may stand.
        var reference = schema.Get("$ref") is not null;
        json.WriteStartObject();
        foreach (var member in schema.Members())
        {
            var name = member.Name == "definitions" ? "$defs" : member.Name;
            if (name == "const" && !reference)
            {
                json.WriteStartArray("enum");
                member.Value.WriteTo(json);
                json.WriteEndArray();
            }
            else if (!Json.Contains(name) || (reference && !name.StartsWith('$')))
            {
                if (name != "$schema")
                {
                    losses.Add($"schema.{name}", "left out: Gemini does not know it in a schema");
                }
            }
            else
            {
                json.WritePropertyName(name);
                WriteJsonMember(json, name, member.Value, losses);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteJsonMember(Utf8JsonWriter json, string name, JsonElement value, Losses losses)
    {
        switch (name)
        {
            case "$ref" when value.ValueKind == JsonValueKind.String:
                json.WriteStringValue(value.GetString()!.Replace("#/definitions/", "#/$defs/", StringComparison.Ordinal));
                break;
            case "items" or "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                WriteJson(json, value, losses);
                break;
            case "anyOf" or "oneOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var one in value.EnumerateArray())
                {
                    WriteJson(json, one, losses);
                }

                json.WriteEndArray();
                break;
            case "properties" or "$defs" when value.ValueKind == JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.Members())
                {
                    json.WritePropertyName(property.Name);
                    WriteJson(json, property.Value, losses);
                }

                json.WriteEndObject();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static void WriteAsJsonSchema(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in schema.Members())
        {
            var name = ProtoName.Camel(member.Name);
            switch (name)
            {
                case "nullable":
                    break;
                case "type" when member.Value.ValueKind == JsonValueKind.String:
                    WriteType(json, member.Value.GetString()!.ToLowerInvariant(), schema.FieldFlag("nullable") == true);
                    break;
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    json.WriteStartObject("properties");
                    foreach (var property in member.Value.Members())
                    {
                        json.WritePropertyName(property.Name);
                        WriteAsJsonSchema(json, property.Value);
                    }

                    json.WriteEndObject();
                    break;
                case "items":
                    json.WritePropertyName("items");
                    WriteAsJsonSchema(json, member.Value);
                    break;
                case "anyOf" when member.Value.ValueKind == JsonValueKind.Array:
                    json.WriteStartArray("anyOf");
                    foreach (var one in member.Value.EnumerateArray())
                    {
                        WriteAsJsonSchema(json, one);
                    }

                    json.WriteEndArray();
                    break;
                case "minItems"
                or "maxItems"
                or "minLength"
                or "maxLength"
                or "minProperties"
                or "maxProperties" when schema.FieldInteger(name) is { } count:
                    json.WriteNumber(name, count);
                    break;
                default:
                    json.WritePropertyName(name);
                    member.Value.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type, bool nullable)
    {
        if (!nullable)
        {
            json.WriteString("type", type);
            return;
        }

        json.WriteStartArray("type");
        json.WriteStringValue(type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }
}
