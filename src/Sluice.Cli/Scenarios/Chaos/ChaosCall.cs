using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Cli.Scenarios.Clients;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>One call of a chaos run, and what may become of it.</summary>
internal sealed record ChaosCall
{
    private const string Pixel =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static readonly string[] Names =
    [
        "best",
        "best",
        "best",
        "good",
        "good",
        "cheap",
        "cheap",
        "spread",
        "spread",
        "soon",
        "soon",
        "eyes",
        "alone",
        "moving",
        "free",
        "alpha/gpt-4.1-mini",
        "zeta/llama-3.1-8b-instant",
        "gamma/gemini-2.5-flash",
        "local/llama3.2",
    ];

    /// <summary>Where callers that may say so send a call instead.</summary>
    private static readonly string[] Overrides = ["free", "cheap", "good", "gamma/gemini-2.5-flash", "beta/claude-sonnet-4-6"];

    /// <summary>Calls of a burst begin at once, at these intervals, and contend for what is left of budgets.</summary>
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromSeconds(30);

    private static readonly string[] Protocols = ["chat", "messages", "responses", "gemini", "ollama"];

    public required TimeSpan At { get; init; }

    public required Seen Seen { get; init; }

    public required TimeSpan Deadline { get; init; }

    public required bool Trivial { get; init; }

    public required bool Image { get; init; }

    /// <summary>Where it is to go, past all rules; <see langword="null"/> where its route says.</summary>
    public required string? Override { get; init; }

    /// <summary>Whether its client means to go away.</summary>
    public required bool Leaves { get; init; }

    /// <summary>All that it can be answered, word for word.</summary>
    public required string WholeText { get; init; }

    public static ChaosCall Draw(int number, Random random, TimeSpan length)
    {
        var asked = Names[random.Next(Names.Length)];
        var (trivial, leaves, hurried) = (random.Next(20) == 0, random.Next(6) == 0, random.Next(10) == 0);
        var pin = asked.Contains('/', StringComparison.Ordinal);
        var image = asked == "eyes" && random.Next(2) == 0;
        var prompt = $"call-{number} {string.Join(' ', Enumerable.Range(1, random.Next(1, 40)).Select(i => $"word{i}"))}";
        var deadline = hurried || pin ? TimeSpan.FromSeconds(random.Next(2, 20)) : TimeSpan.FromSeconds(20);
        var headers = new Dictionary<string, string>
        {
            ["x-sluice-tenant"] = ChaosWorld.Tenants[random.Next(ChaosWorld.Tenants.Count)],
            ["x-sluice-deadline"] = string.Create(CultureInfo.InvariantCulture, $"{deadline.TotalSeconds}s"),
        };
        if (trivial)
        {
            headers["x-sluice-task"] = "trivial";
        }

        var instead = !pin && asked != "eyes" && random.Next(12) == 0 ? Overrides[random.Next(Overrides.Length)] : null;
        if (instead is not null)
        {
            headers["x-sluice-override"] = instead;
            headers["x-sluice-override-because"] = "chance has it so";
        }

        var at = TimeSpan.FromMilliseconds(random.Next((int)length.TotalMilliseconds));
        var protocol = image ? "chat" : Protocols[random.Next(Protocols.Length)];
        var leaving = TimeSpan.FromMilliseconds(random.Next(3000));
        var step = new CallStep
        {
            Path = $"call {number}",
            Client = ScenarioClients.Find(protocol)!,
            Stream = random.Next(3) > 0,
            Route = asked,
            Prompt = prompt,
            Body = image ? Seeing(prompt) : null,
            Headers = headers,
            // Who does not mean to go away does so only where an answer is long overdue.
            LeavesAfter = leaves ? leaving : deadline + TimeSpan.FromSeconds(10),
            Expect = new CallExpectation(),
        };
        return new ChaosCall
        {
            At = random.Next(3) == 0 ? at - TimeSpan.FromTicks(at.Ticks % BetweenBursts.Ticks) : at,
            Seen = new Seen { Step = step, Number = number },
            Deadline = deadline,
            Trivial = trivial && instead is null,
            Override = instead,
            Image = image,
            Leaves = leaves,
            WholeText = $"You said: {prompt}{(image ? " I see 1 image." : "")}",
        };
    }

    private static JsonObject Seeing(string prompt) =>
        new()
        {
            ["messages"] = new JsonArray(
                new JsonObject
                {
                    ["role"] = "user",
                    ["content"] = new JsonArray(
                        new JsonObject { ["type"] = "text", ["text"] = prompt },
                        new JsonObject
                        {
                            ["type"] = "image_url",
                            ["image_url"] = new JsonObject { ["url"] = Pixel },
                        }
                    ),
                }
            ),
        };
}
