using System.Buffers.Binary;
using System.Text;
using Sluice.Calls;
using Sluice.Money;

namespace Sluice.Ledger.Ring;

/// <summary>Holds and settlements as bytes of one slot; writing allocates nothing.</summary>
internal static class RingCodec
{
    public const byte HoldKind = 1;
    public const byte SettlementKind = 2;

    private const byte None = 255;

    /// <summary>The longest each string may be, in bytes; all of them fit a slot. A longer one is cut: ids and names are shorter.</summary>
    private static ReadOnlySpan<byte> Longest => [40, 56, 40, 72, 72, 40, 96, 48, 96, 64, 64, 128, 120];

    public static int Write(Span<byte> slot, HoldRecord hold)
    {
        var writer = new SlotWriter(slot);
        writer.Byte(HoldKind);
        writer.Int64(hold.At.UtcTicks);
        writer.Int64(hold.Amount.Nano);
        writer.Int64(hold.Tokens);
        writer.Int64(hold.Attempt);
        writer.Text(hold.Call, Longest[0]);
        writer.Text(hold.Key, Longest[1]);
        writer.Text(hold.Role, Longest[2]);
        writer.Text(hold.RouteAsked, Longest[3]);
        writer.Text(hold.Route, Longest[4]);
        writer.Text(hold.Provider, Longest[5]);
        writer.Text(hold.Model, Longest[6]);
        writer.Text(hold.Credential, Longest[7]);
        writer.Text(hold.Account, Longest[8]);
        writer.Text(hold.Tenant, Longest[9]);
        writer.Text(hold.User, Longest[10]);
        writer.Text(hold.Tags, Longest[11]);
        writer.Text(hold.Why, Longest[12]);
        return writer.Length;
    }

    public static HoldRecord ReadHold(ReadOnlySpan<byte> slot, long id)
    {
        var reader = new SlotReader(slot[1..]);
        return new HoldRecord
        {
            Id = id,
            At = new DateTimeOffset(reader.Int64(), TimeSpan.Zero),
            Amount = new Credits(reader.Int64()),
            Tokens = reader.Int64(),
            Attempt = (int)reader.Int64(),
            Call = reader.Text(),
            Key = reader.Text(),
            Role = reader.Text(),
            RouteAsked = reader.Text(),
            Route = reader.Text(),
            Provider = reader.Text(),
            Model = reader.Text(),
            Credential = reader.Text(),
            Account = reader.Text(),
            Tenant = reader.Text(),
            User = reader.Text(),
            Tags = reader.Text(),
            Why = reader.Text(),
        };
    }

    public static int Write(Span<byte> slot, SettlementRecord settlement)
    {
        var usage = settlement.Usage;
        var writer = new SlotWriter(slot);
        writer.Byte(SettlementKind);
        writer.Byte((byte)settlement.Outcome);
        writer.Byte(settlement.Failure is { } failure ? (byte)failure : None);
        writer.Byte((byte)usage.Evidence);
        writer.Int64(settlement.HoldId);
        writer.Int64(settlement.At.UtcTicks);
        writer.Int64(settlement.Status ?? -1);
        writer.Int64(settlement.Cost.Nano);
        writer.Int64(settlement.Duration.Ticks);
        writer.Int64(settlement.TimeToFirstContent?.Ticks ?? -1);
        writer.Int64(usage.ReportedCost?.Nano ?? -1);
        writer.Int64(usage.InputTokens);
        writer.Int64(usage.CacheReadTokens);
        writer.Int64(usage.CacheWriteTokens);
        writer.Int64(usage.CacheWrite1hTokens);
        writer.Int64(usage.OutputTokens);
        writer.Int64(usage.ReasoningTokens);
        writer.Int64(usage.InputAudioTokens);
        writer.Int64(usage.OutputAudioTokens);
        writer.Int64(usage.WebSearchRequests);
        writer.Int64(usage.CacheReadAudioTokens);
        writer.Int64(usage.InputImageTokens);
        writer.Int64(usage.CacheReadImageTokens);
        writer.Int64(usage.OutputImageTokens);
        return writer.Length;
    }

    public static SettlementRecord ReadSettlement(ReadOnlySpan<byte> slot)
    {
        var (outcome, failure, evidence) = ((EntryOutcome)slot[1], slot[2], (UsageEvidence)slot[3]);
        var reader = new SlotReader(slot[4..]);
        var (hold, at, status, cost) = (reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
        var (duration, first, reported) = (reader.Int64(), reader.Int64(), reader.Int64());
        return new SettlementRecord
        {
            HoldId = hold,
            At = new DateTimeOffset(at, TimeSpan.Zero),
            Outcome = outcome,
            Failure = failure == None ? null : (FailureClass)failure,
            Status = status < 0 ? null : (int)status,
            Cost = new Credits(cost),
            Duration = TimeSpan.FromTicks(duration),
            TimeToFirstContent = first < 0 ? null : TimeSpan.FromTicks(first),
            Usage = new Usage
            {
                Evidence = evidence,
                ReportedCost = reported < 0 ? null : new Credits(reported),
                InputTokens = reader.Int64(),
                CacheReadTokens = reader.Int64(),
                CacheWriteTokens = reader.Int64(),
                CacheWrite1hTokens = reader.Int64(),
                OutputTokens = reader.Int64(),
                ReasoningTokens = reader.Int64(),
                InputAudioTokens = reader.Int64(),
                OutputAudioTokens = reader.Int64(),
                WebSearchRequests = reader.Int64(),
                CacheReadAudioTokens = reader.Int64(),
                InputImageTokens = reader.Int64(),
                CacheReadImageTokens = reader.Int64(),
                OutputImageTokens = reader.Int64(),
            },
        };
    }

    private ref struct SlotWriter(Span<byte> slot)
    {
        private readonly Span<byte> _slot = slot;

        public int Length { get; private set; }

        public void Byte(byte value) => _slot[Length++] = value;

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_slot[Length..], value);
            Length += sizeof(long);
        }

        public void Text(string value, int longest)
        {
            Encoding.UTF8.TryGetBytes(value, _slot.Slice(Length + 1, longest), out var written);
            if (written == 0 && value.Length > 0)
            {
                // Too long: as many whole characters as fit.
                Encoding.UTF8.GetEncoder().Convert(value, _slot.Slice(Length + 1, longest), flush: true, out _, out written, out _);
            }

            _slot[Length] = (byte)written;
            Length += written + 1;
        }
    }

    private ref struct SlotReader(ReadOnlySpan<byte> slot)
    {
        private ReadOnlySpan<byte> _slot = slot;

        public long Int64()
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(_slot);
            _slot = _slot[sizeof(long)..];
            return value;
        }

        public string Text()
        {
            var text = Encoding.UTF8.GetString(_slot.Slice(1, _slot[0]));
            _slot = _slot[(_slot[0] + 1)..];
            return text;
        }
    }
}
