using System.Text.Json;
using Sluice.Calls;
using Sluice.Cli.Scenarios.Clients;
using Sluice.Cli.Scenarios.Files;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>One call as its client saw it.</summary>
internal sealed class Seen
{
    public required CallStep Step { get; init; }

    /// <summary>From 1, over all calls of the scenario.</summary>
    public required int Number { get; init; }

    public TimeSpan Began { get; set; }

    public TimeSpan Ended { get; set; }

    /// <summary><see langword="null"/> where no answer began.</summary>
    public int? Status { get; set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string Body { get; set; } = "";

    /// <summary>The connection ended in the middle.</summary>
    public bool Broken { get; set; }

    /// <summary>The client went away.</summary>
    public bool Left { get; set; }

    /// <summary>Events that are not JSON.</summary>
    public List<string> Unreadable { get; } = [];

    public Heard Heard { get; } = new();

    public Receipt? Receipt { get; set; }

    public TimeSpan Took => Ended - Began;

    public bool Complete => Status == 200 && !Broken && !Left && Heard is { Ended: true, Errors.Count: 0 };

    public bool Truncated => Status == 200 && !Left && !Complete;

    /// <summary>Understands what was received.</summary>
    public void Understand()
    {
        var client = Step.Client;
        var streamed =
            Headers.GetValueOrDefault("content-type") is { } type && !type.StartsWith("application/json", StringComparison.Ordinal);
        foreach (var payload in streamed ? client.Events(Body) : [Body])
        {
            if (payload == "[DONE]")
            {
                Heard.End(null);
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(payload);
                client.Read(document.RootElement, Heard);
            }
            catch (JsonException) when (Broken || Left)
            {
                // The connection ended in the middle of it.
            }
            catch (JsonException)
            {
                Unreadable.Add(payload);
            }
        }
    }
}
