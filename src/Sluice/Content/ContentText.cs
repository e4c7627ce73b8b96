namespace Sluice.Content;

/// <summary>What kind of text it is, so that a gate can leave some alone.</summary>
[Flags]
internal enum ContentParts
{
    None = 0,

    /// <summary>What is said: prompts, instructions, answers, refusals.</summary>
    Text = 1,

    /// <summary>What a model thinks aloud.</summary>
    Reasoning = 2,

    /// <summary>What a model gives to tools.</summary>
    ToolArguments = 4,

    /// <summary>What tools gave back.</summary>
    ToolResults = 8,

    All = Text | Reasoning | ToolArguments | ToolResults,
}

/// <summary>Whose text it is.</summary>
internal enum ContentRole
{
    /// <summary>Nothing around it says so.</summary>
    Unsaid,
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>One text of a request or an answer.</summary>
internal readonly record struct ContentText(ContentParts Part, ContentRole Role, string Text);

/// <summary>The texts of one request or answer. They are read when a gate asks for them first.</summary>
internal interface IContentView
{
    IReadOnlyList<ContentText> Texts { get; }
}
