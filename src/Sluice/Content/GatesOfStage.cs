using System.Collections.Immutable;
using Sluice.Calls;

namespace Sluice.Content;

/// <summary>The gates of a call that are asked at one stage, by what they do.</summary>
internal sealed class GatesOfStage(GateStage stage)
{
    private readonly List<ActivePattern> _patterns = [];
    private readonly List<(ContentGate Gate, long Most)> _sizes = [];
    private readonly List<ContentGate> _webhooks = [];
    private readonly Dictionary<ContentParts, List<ActivePattern>> _byPart = PartNames.All.ToDictionary(
        p => p.Part,
        _ => new List<ActivePattern>()
    );

    public GateStage Stage { get; } = stage;

    public bool IsEmpty => _patterns.Count + _sizes.Count + _webhooks.Count == 0;

    public IReadOnlyList<ActivePattern> Patterns => _patterns;

    public IReadOnlyList<(ContentGate Gate, long Most)> Sizes => _sizes;

    public IReadOnlyList<ContentGate> Webhooks => _webhooks;

    /// <summary>How much of a streamed text the patterns need to see before any of it is decided.</summary>
    public int Window { get; private set; }

    public void Add(ContentGate gate)
    {
        if (!(Stage == GateStage.Request ? gate.OnRequest : gate.OnAnswer))
        {
            return;
        }

        Add(gate, gate.Deny, denies: true);
        Add(gate, gate.Redact, denies: false);
        Window = gate.Deny.Length + gate.Redact.Length > 0 ? Math.Max(Window, gate.Window) : Window;
        if ((Stage == GateStage.Request ? gate.MaxInput : gate.MaxOutput) is { } most)
        {
            _sizes.Add((gate, most));
        }

        if (gate.Webhook is not null)
        {
            _webhooks.Add(gate);
        }
    }

    /// <summary>The patterns that look at texts of a kind.</summary>
    public IReadOnlyList<ActivePattern> PatternsOf(ContentParts part) => _byPart.TryGetValue(part, out var known) ? known : [];

    private void Add(ContentGate gate, ImmutableArray<ContentPattern> patterns, bool denies)
    {
        foreach (var pattern in patterns)
        {
            var active = new ActivePattern(gate, pattern, denies);
            _patterns.Add(active);
            foreach (var (part, known) in _byPart)
            {
                if ((gate.Parts & part) != 0)
                {
                    known.Add(active);
                }
            }
        }
    }
}
