namespace Sluice.Wires;

/// <summary>What kind of image some base64 is, for protocols that do not say it.</summary>
internal static class ImageType
{
    /// <summary>The first bytes of each kind, in base64.</summary>
    private static readonly (string Start, string MediaType)[] Known =
    [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("UklGR", "image/webp"),
    ];

    public static string OfBase64(string data) =>
        Array.Find(Known, k => data.StartsWith(k.Start, StringComparison.Ordinal)).MediaType ?? "image/png";
}
