namespace Sluice.Content;

/// <summary>One pattern of one gate that applies to a call.</summary>
/// <param name="Gate">Whose it is.</param>
/// <param name="Pattern">What is looked for.</param>
/// <param name="Denies">Whether what has it is denied; else it is taken out.</param>
internal sealed record ActivePattern(ContentGate Gate, ContentPattern Pattern, bool Denies);
