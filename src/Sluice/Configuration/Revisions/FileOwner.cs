using System.Runtime.InteropServices;

namespace Sluice.Configuration.Revisions;

/// <summary>Who a file belongs to.</summary>
/// <remarks>.NET has no word for it on Unix. Of the ways to ask the system, <c>statx</c> is the one whose answer looks the same on every processor.</remarks>
internal static partial class FileOwner
{
    private const int InThisDirectory = -100;
    private const uint OwnerOnly = 0x8;

    /// <summary>Where the owner's number stands in the 256 bytes of <c>struct statx</c>.</summary>
    private const int OwnerAt = 20;

    /// <returns>A user's name, or number where it has none; <see langword="null"/> where the system does not tell.</returns>
    public static string? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            Span<byte> answer = stackalloc byte[256];
            return Statx(InThisDirectory, path, 0, OwnerOnly, ref MemoryMarshal.GetReference(answer)) == 0
                ? NameOf(BitConverter.ToUInt32(answer[OwnerAt..]))
                : null;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    private static string NameOf(uint user)
    {
        // The name's address comes first in struct passwd; the text itself lies in the room that is given.
        Span<byte> entry = stackalloc byte[256];
        Span<byte> room = stackalloc byte[4096];
        var failed = GetUser(user, ref MemoryMarshal.GetReference(entry), ref MemoryMarshal.GetReference(room), room.Length, out var found);
        var name = failed == 0 && found != 0 ? Marshal.PtrToStringUTF8(MemoryMarshal.Read<nint>(entry)) : null;
        return string.IsNullOrEmpty(name) ? FormattableString.Invariant($"user {user}") : name;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetUser(uint user, ref byte entry, ref byte room, nint length, out nint found);
}
