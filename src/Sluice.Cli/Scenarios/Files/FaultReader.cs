using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Configuration;
using Sluice.Simulator;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>Reads what goes wrong at each target.</summary>
internal static class FaultReader
{
    private const int Forever = int.MaxValue;

    public static IReadOnlyDictionary<string, IReadOnlyList<FaultStep>> Read(Section root)
    {
        var faults = new Dictionary<string, IReadOnlyList<FaultStep>>();
        foreach (var (target, value) in root.Node("faults") as JsonObject ?? [])
        {
            if (!target.Contains('/', StringComparison.Ordinal))
            {
                root.Error($"faults.{target}", "not a target", "write provider/model");
            }

            faults[target] = value is JsonArray list
                ? [.. list.Select((item, i) => Step(root, item, $"faults.{target}[{i}]", once: 1))]
                : [Step(root, value, $"faults.{target}", once: Forever)];
        }

        return faults;
    }

    private static FaultStep Step(Section root, JsonNode? node, string path, int once)
    {
        if (node is JsonObject map)
        {
            return Step(root.Inner(map, path, "fault"), once);
        }

        if (node?.GetValueKind() == JsonValueKind.String)
        {
            return new FaultStep(Named(root, node.GetValue<string>(), path), once, null, null);
        }

        root.Error(path, $"{node?.ToJsonString() ?? "null"} is no fault", "write its name, or an object such as {\"status\": 503}");
        return new FaultStep(new Fault(), once, null, null);
    }

    private static FaultStep Step(Section section, int once)
    {
        var fault = section.Text("fault") is { } name ? Named(section, name, "fault") : new Fault();
        if (section.Count("status", 100, 599) is { } status)
        {
            fault = fault with { Status = status };
        }

        fault = fault with
        {
            Code = section.Text("code") ?? fault.Code,
            RetryAfter = section.Duration("retryAfter")?.TotalSeconds ?? fault.RetryAfter,
        };
        return new FaultStep(fault, Times(section, once), section.Duration("from"), section.Duration("until"));
    }

    private static int Times(Section section, int once)
    {
        switch (section.Node("repeat")?.GetValueKind())
        {
            case null:
                return once;
            case JsonValueKind.String when section.Text("repeat") == "forever":
                return Forever;
            case JsonValueKind.Number:
                return section.Count("repeat", 1, Forever) ?? once;
            default:
                section.Error("repeat", $"{section.Node("repeat")!.ToJsonString()} is no number", "write how often, or \"forever\"");
                return once;
        }
    }

    private static Fault Named(Section section, string name, string path)
    {
        if (name == "ok")
        {
            return new Fault();
        }

        if (Fault.Named(name) is { } fault)
        {
            return fault;
        }

        section.Error(path, $"no fault is called '{name}'", "`sluice simulate --faults` lists them; \"ok\" is none");
        return new Fault();
    }
}
