using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Ledger.Ring;
using Sluice.Money;

namespace Sluice.Tests.Ledger;

public sealed class RingCodecTests
{
    [Fact]
    public void Hold_WithAnIdAsTheEngineMakesIt_ComesBackWhole()
    {
        var hold = Hold($"call_{Guid.NewGuid():N}", "m");

        RoundTrip(hold).ShouldBe(hold);
    }

    [Fact]
    public void Hold_WithTheLongestNames_FitsASlot()
    {
        var slot = new byte[MappedRing.PayloadSize];

        RingCodec.Write(slot, Hold(new string('c', 500), new string('é', 500))).ShouldBeLessThanOrEqualTo(MappedRing.PayloadSize);

        RingCodec.ReadHold(slot, 1).Model.ShouldBe(new string('é', 48));
    }

    [Fact]
    public void Settlement_EveryField_ComesBack()
    {
        var slot = new byte[MappedRing.PayloadSize];
        var settlement = new SettlementRecord
        {
            HoldId = 5,
            At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Outcome = EntryOutcome.Aborted,
            Failure = FailureClass.Cancelled,
            Status = 200,
            Cost = new Credits(3),
            Duration = TimeSpan.FromTicks(11),
            TimeToFirstContent = TimeSpan.FromTicks(5),
            Usage = new Usage
            {
                InputTokens = 1,
                OutputTokens = 2,
                CacheReadTokens = 3,
                CacheWriteTokens = 4,
                CacheWrite1hTokens = 5,
                ReasoningTokens = 6,
                InputAudioTokens = 7,
                OutputAudioTokens = 8,
                WebSearchRequests = 9,
                CacheReadAudioTokens = 12,
                InputImageTokens = 13,
                CacheReadImageTokens = 14,
                OutputImageTokens = 15,
                ReportedCost = new Credits(10),
                Evidence = UsageEvidence.Estimated,
            },
        };

        RingCodec.Write(slot, settlement);

        RingCodec.ReadSettlement(slot).ShouldBe(settlement);
    }

    [Fact]
    public void Write_AllocatesNothing()
    {
        var slot = new byte[MappedRing.PayloadSize];
        var hold = Hold("call", "model");
        RingCodec.Write(slot, hold);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            RingCodec.Write(slot, hold);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static HoldRecord RoundTrip(HoldRecord hold)
    {
        var slot = new byte[MappedRing.PayloadSize];
        RingCodec.Write(slot, hold);
        return RingCodec.ReadHold(slot, hold.Id);
    }

    private static HoldRecord Hold(string call, string model) =>
        new()
        {
            Id = 9,
            At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Call = call,
            Attempt = 2,
            Key = "key_0123456789ab",
            Role = "architect",
            Account = "acme/search",
            Tenant = "t1",
            User = "u1",
            Tags = "a,b",
            RouteAsked = "asked",
            Why = "override: a customer asked for it",
            Route = "actual",
            Provider = "provider",
            Model = model,
            Credential = "provider#2",
            Amount = new Credits(123),
        };
}
