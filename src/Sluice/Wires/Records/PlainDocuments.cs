namespace Sluice.Wires.Records;

/// <summary>Documents of plain text, for wires that have no documents, or none of text.</summary>
internal static class PlainDocuments
{
    /// <summary>The document as text, under its name.</summary>
    public static TextPart AsText(DocumentPart document) =>
        new(document.Name is { } title ? $"{title}\n\n{document.Text}" : document.Text ?? "") { Cache = document.Cache };
}
