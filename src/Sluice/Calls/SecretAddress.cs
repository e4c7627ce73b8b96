namespace Sluice.Calls;

/// <summary>Addresses to which a secret may be sent.</summary>
internal static class SecretAddress
{
    /// <returns>The address, if it is https or this machine's own; else <see langword="null"/>.</returns>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
            ? uri
            : null;
}
