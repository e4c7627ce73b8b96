using System.Buffers;
using System.Text;

namespace Sluice.Boundary.Files;

/// <summary>Reads a file as text, or says why that cannot be done.</summary>
internal static class TextReading
{
    /// <summary>Larger files are not source that a person wrote. They are reported.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    private const int BinaryProbe = 8_192;

    /// <param name="problem">Set where the answer is null.</param>
    public static string? Read(RepositoryFile file, out Problem? problem)
    {
        problem = null;
        byte[]? rented = null;
        try
        {
            using var stream = new FileStream(
                file.FullPath,
                new FileStreamOptions
                {
                    BufferSize = 0,
                    Options = FileOptions.SequentialScan,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                }
            );
            if (stream.Length > MaximumBytes)
            {
                problem = Unread(file, $"is larger than {MaximumBytes >> 20} MiB");
                return null;
            }

            rented = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, stream.Length));
            var length = stream.ReadAtLeast(rented.AsSpan(0, (int)stream.Length), (int)stream.Length, throwOnEndOfStream: false);
            var bytes = rented.AsSpan(0, length);
            var encoding = EncodingOf(bytes, out var mark);
            if (encoding is UTF8Encoding && bytes[..Math.Min(length, BinaryProbe)].Contains((byte)0))
            {
                problem = Unread(file, "is binary");
                return null;
            }

            return encoding.GetString(bytes[mark..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = Unread(file, $"cannot be read: {exception.Message}");
            return null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static Problem Unread(RepositoryFile file, string reason) =>
        new(file.Path, 0, $"{reason}; it was not checked", Fatal: file.Context == FileContext.Source);

    private static Encoding EncodingOf(ReadOnlySpan<byte> bytes, out int mark)
    {
        Encoding? encoding = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
            [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };
        mark = encoding?.GetPreamble().Length ?? 0;
        return encoding ?? Encoding.UTF8;
    }
}
