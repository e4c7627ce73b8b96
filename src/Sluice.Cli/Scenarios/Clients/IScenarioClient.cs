using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>A client of one protocol, in its own words and never the product's: asks, and understands what it is answered.</summary>
internal interface IScenarioClient
{
    /// <summary>Its name in scenario files.</summary>
    string Name { get; }

    /// <summary>The vendor whose wire is this protocol.</summary>
    string Preset { get; }

    /// <summary>Where it asks.</summary>
    string Path(string route, bool stream);

    /// <summary>A question, by default in the words that several protocols share.</summary>
    JsonObject Ask(string route, string prompt, bool stream) => InMessages(route, prompt, stream);

    /// <summary>A question as one message.</summary>
    static JsonObject InMessages(string route, string prompt, bool stream) =>
        new()
        {
            ["model"] = route,
            ["stream"] = stream,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
        };

    /// <summary>Reads an answer that came whole, an error included, or one event of a stream.</summary>
    void Read(JsonElement said, Heard heard);

    /// <summary>The payloads of a stream, one by one.</summary>
    IEnumerable<string> Events(string stream) =>
        stream
            .Split('\n')
            .Where(line => line.StartsWith("data:", StringComparison.Ordinal))
            .Select(line => line["data:".Length..].Trim())
            .Where(payload => payload.Length > 0);
}
