namespace Sluice.Wires;

/// <summary>Sound by the short names of Chat Completions and by media type.</summary>
internal static class AudioFormat
{
    private static readonly (string Name, string MediaType)[] Known =
    [
        ("wav", "audio/wav"),
        ("mp3", "audio/mpeg"),
        ("mp3", "audio/mp3"),
        ("flac", "audio/flac"),
        ("ogg", "audio/ogg"),
        ("opus", "audio/opus"),
        ("aac", "audio/aac"),
        ("pcm16", "audio/pcm"),
    ];

    public static string Of(string? mediaType) =>
        Array.Find(Known, k => k.MediaType == mediaType).Name ?? mediaType?.Split('/')[^1] ?? "wav";

    public static string MediaTypeOf(string? format) => Array.Find(Known, k => k.Name == format).MediaType ?? $"audio/{format ?? "wav"}";
}
