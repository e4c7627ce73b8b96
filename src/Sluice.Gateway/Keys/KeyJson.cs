using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Keys;

/// <summary>Keys as callers and operators send and see them.</summary>
internal static class KeyJson
{
    /// <summary>What a key that is to be made is for, and what it may do: from a body, or from the query alone.</summary>
    /// <exception cref="GatewayException">The body is not a JSON object, or says something that no key can have.</exception>
    public static async Task<(string Name, KeyRules Rules)> ReadAsync(HttpRequest request)
    {
        var name = request.Query["name"].ToString();
        if (request.ContentLength is null or 0)
        {
            return (name, new KeyRules());
        }

        try
        {
            var body = await JsonNode.ParseAsync(request.Body).ConfigureAwait(false) as JsonObject;
            var rules = body ?? throw new GatewayException("the body is not a JSON object");
            name = rules["name"]?.GetValueKind() == JsonValueKind.String ? rules["name"]!.GetValue<string>() : name;
            rules.Remove("name");
            return (name, KeyRules.Read(rules));
        }
        catch (JsonException exception)
        {
            throw new GatewayException($"the body is not JSON: {exception.Message}");
        }
    }

    /// <summary>Everything but the key itself, which nobody has.</summary>
    public static JsonObject Write(StoredKey key, string? secret = null)
    {
        var json = new JsonObject
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["createdAt"] = key.CreatedAt,
            ["revokedAt"] = key.RevokedAt,
        };
        if (key.Maker.Length > 0)
        {
            json["madeWith"] = key.Maker;
        }

        json["rules"] = JsonNode.Parse(key.Rules);
        if (secret is not null)
        {
            json["key"] = secret;
        }

        return json;
    }
}
