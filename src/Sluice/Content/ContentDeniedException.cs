using Sluice.Calls;

namespace Sluice.Content;

/// <summary>A gate does not allow a text. The message may reach the caller and holds nothing of the text.</summary>
internal sealed class ContentDeniedException(ContentGate gate, GateStage stage, string reason)
    : Exception($"gate '{gate.Name}' does not allow the {(stage == GateStage.Request ? "request" : "answer")}: {reason}")
{
    public ContentGate Gate { get; } = gate;
}
