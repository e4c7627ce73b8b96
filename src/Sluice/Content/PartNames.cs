namespace Sluice.Content;

/// <summary>Kinds of text by the names that configurations and webhooks know.</summary>
internal static class PartNames
{
    public static readonly IReadOnlyList<(string Name, ContentParts Part)> All =
    [
        ("text", ContentParts.Text),
        ("reasoning", ContentParts.Reasoning),
        ("toolArguments", ContentParts.ToolArguments),
        ("toolResults", ContentParts.ToolResults),
    ];

    public static string Of(ContentParts part)
    {
        foreach (var (name, known) in All)
        {
            if (known == part)
            {
                return name;
            }
        }

        return "text";
    }
}
