namespace Sluice.Wires.BedrockConverse;

/// <summary>Who made a model: Converse is the same for all, what goes beside it is not.</summary>
internal enum ModelFamily
{
    /// <summary>Nothing is known beyond Converse itself; also an inference profile of one's own, whose id says nothing.</summary>
    Other,
    Anthropic,
    Nova,
    OpenAi,
}

/// <summary>Tells a model's family from its id, <c>us.anthropic.claude-…</c>.</summary>
internal static class ModelFamilies
{
    private static readonly (string Mark, ModelFamily Family)[] Marks =
    [
        ("anthropic.", ModelFamily.Anthropic),
        ("amazon.nova", ModelFamily.Nova),
        ("openai.", ModelFamily.OpenAi),
    ];

    public static ModelFamily Of(string model) => Array.Find(Marks, m => model.Contains(m.Mark, StringComparison.Ordinal)).Family;
}
