namespace Sluice.Wires;

/// <summary><c>data:image/png;base64,…</c>, as Chat Completions carries content inside a URL.</summary>
internal static class DataUrl
{
    private const string Base64 = ";base64,";

    public static bool TryRead(string url, out string mediaType, out string data)
    {
        (mediaType, data) = ("", "");
        var mark = url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase)
            : -1;
        if (mark < 0)
        {
            return false;
        }

        (mediaType, data) = (url["data:".Length..mark].Split(';')[0], url[(mark + Base64.Length)..]);
        return true;
    }

    public static string Write(string? mediaType, string data) => $"data:{mediaType ?? "application/octet-stream"}{Base64}{data}";
}
