using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;

namespace Sluice.Ledger.Ring;

/// <summary>A preallocated, memory-mapped ring of fixed slots: a record is durable against the end of the process without a system call.</summary>
/// <remarks>
/// A slot holds its sequence number, a CRC-32C over number and payload, the payload's length and the payload. The number is written
/// last: a torn slot does not check out. The kernel writes the pages whatever happens to the process; <see cref="Flush"/> forces
/// them to disk against a power cut.
/// </remarks>
internal sealed unsafe class MappedRing : IDisposable
{
    public const int SlotSize = 512;
    public const int PayloadSize = SlotSize - HeadSize;

    private const int HeadSize = 16;
    private const int FileHeader = 4096;
    private const long Magic = 0x31474E4952434C53; // "SLCRING1"

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _base;

    private MappedRing(FileStream file, MemoryMappedFile map, int slots)
    {
        _file = file;
        _map = map;
        _view = map.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _base);
        Slots = slots;
    }

    public int Slots { get; }

    /// <summary>Opens or creates the ring. One process owns it at a time.</summary>
    /// <exception cref="LedgerException">Another process owns it, or the file is not a ring.</exception>
    public static MappedRing Open(string path, int slots)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new LedgerException($"{path}: the ledger is in use by another process; give each its own --data directory", exception);
        }

        try
        {
            return Open(file, path, slots);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static MappedRing Open(FileStream file, string path, int slots)
    {
        Span<byte> header = stackalloc byte[16];
        if (file.Length > 0)
        {
            file.ReadExactly(header);
            if (BinaryPrimitives.ReadInt64LittleEndian(header) != Magic)
            {
                throw new LedgerException($"{path}: not a ledger ring; move the file away to start a new one");
            }

            // The size it was made with holds until the file is made anew: records in it stand by that size.
            slots = (int)BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        }
        else
        {
            // Written out, not only extended: a hole in the file would fail at the time of a call when the disk is full.
            var zeros = new byte[1 << 20];
            for (var left = FileHeader + (long)slots * SlotSize; left > 0; left -= zeros.Length)
            {
                file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            }

            file.Position = 0;
            BinaryPrimitives.WriteInt64LittleEndian(header, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], slots);
            file.Write(header);
            file.Flush(flushToDisk: true);
        }

        var map = MemoryMappedFile.CreateFromFile(
            file,
            null,
            FileHeader + (long)slots * SlotSize,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true
        );
        return new MappedRing(file, map, slots);
    }

    /// <summary>Where the payload of a record is written before <see cref="Publish"/>.</summary>
    public Span<byte> Payload(long sequence) => new(Slot(sequence) + HeadSize, PayloadSize);

    /// <summary>Makes a written payload a record.</summary>
    public void Publish(long sequence, int length)
    {
        var slot = Slot(sequence);
        *(int*)(slot + 12) = length;
        *(uint*)(slot + 8) = Checksum(sequence, new ReadOnlySpan<byte>(slot + HeadSize, length));
        Volatile.Write(ref *(long*)slot, sequence);
    }

    /// <summary>Reads a record, or finds that it is not there (yet), or torn.</summary>
    public bool TryRead(long sequence, out ReadOnlySpan<byte> payload)
    {
        var slot = Slot(sequence);
        payload = default;
        var length = *(int*)(slot + 12);
        if (Volatile.Read(ref *(long*)slot) != sequence || length is < 0 or > PayloadSize)
        {
            return false;
        }

        payload = new ReadOnlySpan<byte>(slot + HeadSize, length);
        return Checksum(sequence, payload) == *(uint*)(slot + 8);
    }

    /// <summary>The sequence numbers of all slots that say they hold a record after <paramref name="sequence"/>, in order.</summary>
    public List<long> After(long sequence)
    {
        var found = new List<long>();
        for (var i = 0; i < Slots; i++)
        {
            var number = *(long*)(_base + FileHeader + (long)i * SlotSize);
            if (number > sequence && number % Slots == i)
            {
                found.Add(number);
            }
        }

        found.Sort();
        return found;
    }

    /// <summary>Forces everything written so far to disk.</summary>
    public void Flush()
    {
        _view.Flush();
        _file.Flush(flushToDisk: true);
    }

    private byte* Slot(long sequence) => _base + FileHeader + sequence % Slots * SlotSize;

    private static uint Checksum(long sequence, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)sequence);
        while (payload.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
            payload = payload[sizeof(ulong)..];
        }

        foreach (var b in payload)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }
}
