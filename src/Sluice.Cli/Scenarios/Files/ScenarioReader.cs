using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Scenarios.Clients;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>Reads one scenario for one protocol and form.</summary>
internal sealed class ScenarioReader(Section root, Cell cell, string path, string shown)
{
    private static readonly DateTimeOffset DefaultStart = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    public Scenario Read()
    {
        var keys = Keys();
        return new Scenario
        {
            Name = root.Text("name") ?? Path.GetFileName(path).Split('.')[0],
            File = shown,
            Cell = cell,
            Configuration = Configuration(),
            Directory = Path.GetDirectoryName(path)!,
            Environment = TextsByName(root, "environment"),
            Keys = keys,
            Start = Start(),
            Seed = root.Count("seed", 0, int.MaxValue) ?? 1,
            Faults = FaultReader.Read(root),
            Calls = [.. root.Sections("calls", "call").Select(c => Call(c, keys))],
            Reloads = [.. root.Sections("reloads", "reload").Select(Reload)],
            Checks = [.. root.Sections("checks", "check").Select(c => new CheckStep(At(c), c.Path, ExpectationReader.State(c)))],
            Expect = ExpectationReader.End(root.Child("expect", "expect")),
        };
    }

    private JsonObject Configuration()
    {
        // Its members are the compiler's to check, with the paths of a configuration.
        var own = root.Node("configuration") as JsonObject;
        if (root.Text("configurationFile") is not { } file)
        {
            if (own is null)
            {
                root.Error("configuration", "there is no configuration", "write one, or name a file in \"configurationFile\"");
            }

            return (JsonObject)(own?.DeepClone() ?? new JsonObject());
        }

        var merged = ConfigurationFile.Read(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, file)), new FilesRead());
        Merging.Overlay(merged, own ?? []);
        return merged;
    }

    private DateTimeOffset Start()
    {
        if (root.Text("start") is not { } text)
        {
            return DefaultStart;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start))
        {
            return start;
        }

        root.Error("start", $"'{text}' is no time", "write 2026-12-01T12:00:00Z");
        return DefaultStart;
    }

    private Dictionary<string, JsonObject> Keys()
    {
        var keys = new Dictionary<string, JsonObject>();
        foreach (var (name, rules) in root.Node("keys") as JsonObject ?? [])
        {
            keys[name] = (JsonObject)((rules as JsonObject)?.DeepClone() ?? new JsonObject());
        }

        return keys;
    }

    private CallStep Call(Section call, Dictionary<string, JsonObject> keys)
    {
        var client = call.Text("protocol") ?? cell.Client;
        if (ScenarioClients.Find(client) is null)
        {
            call.Error("protocol", $"'{client}' is not known", $"known are {string.Join(", ", ScenarioClients.Names)}");
        }

        if (!call.Has("route"))
        {
            call.Error("route", "the call asks for nothing", "name a route, a model or a pin");
        }

        if (call.Text("key") is { } key && !keys.ContainsKey(key))
        {
            call.Error("key", $"no key is called '{key}'", "make it under \"keys\"");
        }

        return new CallStep
        {
            Path = call.Path,
            At = call.Duration("at"),
            Client = ScenarioClients.Find(client) ?? new ChatClient(),
            Stream = call.Flag("stream", cell.Stream ?? false),
            Route = call.Text("route") ?? "",
            Prompt = call.Count("words", 1, 1_000_000) is { } words
                ? string.Join(' ', Enumerable.Repeat("word", words))
                : call.Text("prompt") ?? "hello",
            Body = call.Node("body") as JsonObject,
            Headers = Headers(call),
            Key = call.Text("key"),
            LeavesAfter = call.Duration("leavesAfter"),
            Repeat = call.Count("repeat", 1, 10_000) ?? 1,
            Every = call.Duration("every") ?? TimeSpan.Zero,
            Expect = ExpectationReader.Call(call.Child("expect", "answer"), client),
        };
    }

    private static Dictionary<string, string> Headers(Section call)
    {
        var headers = TextsByName(call, "headers");
        if (call.Text("tenant") is { } tenant)
        {
            headers["x-sluice-tenant"] = tenant;
        }

        if (call.Texts("tags") is { Count: > 0 } tags)
        {
            headers["x-sluice-tags"] = string.Join(",", tags);
        }

        return headers;
    }

    private static ReloadStep Reload(Section reload)
    {
        if (!reload.IsObject("configuration"))
        {
            reload.Error("configuration", "nothing changes", "write what is laid over the configuration");
        }

        return new ReloadStep(At(reload), reload.Node("configuration") as JsonObject ?? [], reload.Text("refused"));
    }

    private static TimeSpan At(Section step)
    {
        if (!step.Has("at"))
        {
            step.Error("at", "it has no time", "write when, from the beginning: 5s");
        }

        return step.Duration("at") ?? TimeSpan.Zero;
    }

    internal static Dictionary<string, string> TextsByName(Section section, string name)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (key, value) in section.Node(name) as JsonObject ?? [])
        {
            if (value?.GetValueKind() == JsonValueKind.String)
            {
                texts[key] = value.GetValue<string>();
            }
            else
            {
                section.Error($"{name}.{key}", $"{value?.ToJsonString() ?? "null"} is not a text", "put it in quotes");
            }
        }

        return texts;
    }
}
