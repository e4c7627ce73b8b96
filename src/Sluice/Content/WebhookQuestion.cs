using Sluice.Calls;

namespace Sluice.Content;

/// <summary>What a webhook is asked.</summary>
internal sealed record WebhookQuestion(GateStage Stage, IReadOnlyList<ContentText> Texts)
{
    /// <summary>What has been let through of each text before, in a stream; empty where the texts are whole.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Whether nothing follows.</summary>
    public bool Last { get; init; } = true;
}

/// <summary>What it says.</summary>
/// <param name="Texts">What each text becomes, <see langword="null"/> where it stays; <see langword="null"/> where all do.</param>
internal sealed record WebhookVerdict(bool Allowed, string? Reason, string?[]? Texts);

/// <summary>It cannot be asked; the message may reach the caller.</summary>
internal sealed class WebhookException(string message, Exception? inner = null) : Exception(message, inner);
