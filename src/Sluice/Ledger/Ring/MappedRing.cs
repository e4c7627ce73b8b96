using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;

namespace Sluice.Ledger.Ring;

/// <summary>Preallocated, memory-mapped slots: a record is durable against the end of the process without a system call.</summary>
/// <remarks>
/// A slot holds its sequence number, a CRC-32C over number and payload, the payload's length and the payload. The number is written
/// last: a torn slot does not check out. The kernel writes the pages whatever happens to the process; <see cref="Flush"/> forces
/// them to disk against a power cut. The slot that was freed last is taken first, so that few pages are ever dirty: the first write
/// to a clean page is a fault that costs more than the record.
/// </remarks>
internal sealed unsafe class MappedRing : IDisposable
{
    public const int SlotSize = 1024;
    public const int PayloadSize = SlotSize - HeadSize;

    private const int HeadSize = 16;
    private const int FileHeader = 4096;
    private const long Magic = 0x32474E4952434C53; // "SLCRING2"

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _base;
    private readonly Lock _lock = new();
    private readonly int[] _free;
    private int _freeCount;

    private MappedRing(FileStream file, MemoryMappedFile map, int slots)
    {
        _file = file;
        _map = map;
        _view = map.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _base);
        _free = new int[slots];
        for (var i = 0; i < slots; i++)
        {
            _free[i] = slots - 1 - i;
        }

        _freeCount = slots;
    }

    /// <summary>How many slots can be taken.</summary>
    public int Free
    {
        get
        {
            lock (_lock)
            {
                return _freeCount;
            }
        }
    }

    /// <summary>Opens or creates the ring. One process owns it at a time.</summary>
    /// <exception cref="LedgerInUseException">Another process owns it.</exception>
    /// <exception cref="LedgerException">The file is not a ring.</exception>
    public static MappedRing Open(string path, int slots)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw IsHeld(exception)
                ? new LedgerInUseException(path, exception)
                : new LedgerException($"{path}: {exception.Message}; check that the directory can be written", exception);
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
            Make(file, path, slots);
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

    /// <summary>Written out, not only extended: a hole in the file would fail at the time of a call when the disk is full.</summary>
    private static void Make(FileStream file, string path, int slots)
    {
        var size = FileHeader + (long)slots * SlotSize;
        try
        {
            var zeros = new byte[1 << 20];
            for (var left = size; left > 0; left -= zeros.Length)
            {
                file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            }

            Span<byte> header = stackalloc byte[16];
            file.Position = 0;
            BinaryPrimitives.WriteInt64LittleEndian(header, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], slots);
            file.Write(header);
            file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            File.Delete(path);
            throw new LedgerException(
                $"{path}: {exception.Message}; the ledger's ring needs {size >> 20} MB, fewer with ledger.ringSlots",
                exception
            );
        }
    }

    /// <summary>Whether another process has the file: EWOULDBLOCK of Linux and macOS, a sharing violation of Windows.</summary>
    private static bool IsHeld(Exception exception) => exception is IOException && (exception.HResult & 0xFFFF) is 11 or 35 or 32;

    /// <summary>A slot to write a record to.</summary>
    /// <exception cref="InvalidOperationException">None is <see cref="Free"/>.</exception>
    public int Take()
    {
        lock (_lock)
        {
            return _freeCount > 0
                ? _free[--_freeCount]
                : throw new InvalidOperationException("The ring is full: room is to be asked for before it is taken.");
        }
    }

    /// <summary>Gives slots back whose records the store has.</summary>
    public void Release(List<int> slots)
    {
        lock (_lock)
        {
            slots.CopyTo(_free, _freeCount);
            _freeCount += slots.Count;
        }
    }

    /// <summary>Where the payload of a record is written before <see cref="Publish"/>.</summary>
    public Span<byte> Payload(int slot) => new(At(slot) + HeadSize, PayloadSize);

    /// <summary>Makes a written payload a record.</summary>
    public void Publish(int slot, long sequence, int length)
    {
        var head = At(slot);
        *(int*)(head + 12) = length;
        *(uint*)(head + 8) = Checksum(sequence, new ReadOnlySpan<byte>(head + HeadSize, length));
        Volatile.Write(ref *(long*)head, sequence);
    }

    /// <summary>Reads the record that a slot says it holds; not when it is torn.</summary>
    public bool TryRead(int slot, out ReadOnlySpan<byte> payload)
    {
        var head = At(slot);
        payload = default;
        var length = *(int*)(head + 12);
        if (length is < 0 or > PayloadSize)
        {
            return false;
        }

        payload = new ReadOnlySpan<byte>(head + HeadSize, length);
        return Checksum(*(long*)head, payload) == *(uint*)(head + 8);
    }

    /// <summary>Every slot that says it holds a record after <paramref name="sequence"/>, in the order of the records.</summary>
    public List<(long Sequence, int Slot)> After(long sequence)
    {
        var found = new List<(long Sequence, int Slot)>();
        for (var slot = 0; slot < _free.Length; slot++)
        {
            var number = *(long*)At(slot);
            if (number > sequence)
            {
                found.Add((number, slot));
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

    private byte* At(int slot) => _base + FileHeader + (long)slot * SlotSize;

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
