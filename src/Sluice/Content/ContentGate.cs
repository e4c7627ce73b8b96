using System.Collections.Immutable;
using Sluice.Ledger;

namespace Sluice.Content;

/// <summary>A gate over what is said, as the configuration has it.</summary>
internal sealed record ContentGate
{
    /// <summary>How much text is held back where nothing else is written, in characters.</summary>
    public const int UsualWindow = 128;

    public required string Name { get; init; }

    public bool OnRequest { get; init; } = true;

    public bool OnAnswer { get; init; } = true;

    /// <summary>Whose calls it is asked about.</summary>
    public BudgetSelector Match { get; init; } = BudgetSelector.All;

    /// <summary>Which texts it looks at.</summary>
    public ContentParts Parts { get; init; } = ContentParts.All;

    public ImmutableArray<ContentPattern> Deny { get; init; } = [];

    public ImmutableArray<ContentPattern> Redact { get; init; } = [];

    /// <summary>What stands in the place of what was taken out.</summary>
    public string Replacement { get; init; } = "[redacted]";

    /// <summary>The most text of a request, in bytes of UTF-8.</summary>
    public long? MaxInput { get; init; }

    /// <summary>The most text of an answer, in bytes of UTF-8.</summary>
    public long? MaxOutput { get; init; }

    public ContentWebhook? Webhook { get; init; }

    /// <summary>How many characters of a streamed text are held back, so that what begins in one frame and ends in another is found.</summary>
    public int Window { get; init; } = UsualWindow;

    /// <summary>Whether the next target is tried for a denied answer.</summary>
    public bool DeniedGoesOn { get; init; }
}

/// <summary>Somebody else who is asked.</summary>
/// <param name="Url">Where the texts are posted.</param>
/// <param name="Token">What it knows us by, sent as <c>Authorization: Bearer</c>.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="FailOpen">Whether texts pass when it cannot be asked.</param>
internal sealed record ContentWebhook(Uri Url, string? Token, TimeSpan Timeout, bool FailOpen);
