namespace Sluice.Wires.BedrockConverse;

/// <summary>Formats of images and documents by Converse's short names and by media type.</summary>
internal static class ConverseFormats
{
    private static readonly (string Name, string MediaType)[] Images =
    [
        ("png", "image/png"),
        ("jpeg", "image/jpeg"),
        ("jpeg", "image/jpg"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
    ];

    private static readonly (string Name, string MediaType)[] Documents =
    [
        ("pdf", "application/pdf"),
        ("csv", "text/csv"),
        ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("html", "text/html"),
        ("txt", "text/plain"),
        ("md", "text/markdown"),
    ];

    public static string? OfImage(string? mediaType) => Array.Find(Images, f => f.MediaType == mediaType).Name;

    public static string? OfDocument(string? mediaType) => Array.Find(Documents, f => f.MediaType == mediaType).Name;

    /// <summary>Whether a document may hold more text than it has bytes.</summary>
    public static bool IsCompressed(string document) => document is "pdf" or "doc" or "docx" or "xls" or "xlsx";

    public static string ImageType(string? name) => Array.Find(Images, f => f.Name == name).MediaType ?? $"image/{name}";

    public static string DocumentType(string? name) => Array.Find(Documents, f => f.Name == name).MediaType ?? $"application/{name}";
}
