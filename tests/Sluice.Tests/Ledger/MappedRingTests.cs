using Sluice.Ledger.Ring;
using Sluice.Testing;

namespace Sluice.Tests.Ledger;

public sealed class MappedRingTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Take_AfterRelease_IsTheSlotThatWasUsedLast()
    {
        using var ring = Open();
        var (first, second) = (ring.Take(), ring.Take());

        ring.Release([first, second]);

        ring.Take().ShouldBe(second);
        ring.Free.ShouldBe(1023);
    }

    [Fact]
    public void Take_NoneFree_IsAnError()
    {
        using var ring = Open();
        for (var i = 0; i < 1024; i++)
        {
            ring.Take();
        }

        Should.Throw<InvalidOperationException>(() => ring.Take());
    }

    /// <summary>Records are found in their order wherever they stand, without those that were in the store before.</summary>
    [Fact]
    public void After_Reopened_FindsRecordsInOrderWhereverTheyStand()
    {
        using (var ring = Open())
        {
            var slots = Enumerable.Range(0, 4).Select(_ => ring.Take()).ToList();
            foreach (var (sequence, slot) in new[] { (7L, slots[2]), (5L, slots[0]), (6L, slots[3]), (4L, slots[1]) })
            {
                ring.Payload(slot)[0] = (byte)sequence;
                ring.Publish(slot, sequence, 1);
            }
        }

        using var reopened = Open();
        var found = reopened.After(4);

        found.Select(r => r.Sequence).ShouldBe([5, 6, 7]);
        foreach (var (sequence, slot) in found)
        {
            reopened.TryRead(slot, out var payload).ShouldBeTrue();
            payload.ToArray().ShouldBe([(byte)sequence]);
        }
    }

    [Fact]
    public void TryRead_PayloadOverwrittenWithoutPublishing_IsTorn()
    {
        using var ring = Open();
        var slot = ring.Take();
        ring.Payload(slot)[0] = 1;
        ring.Publish(slot, 1, 1);

        ring.Payload(slot)[0] = 2;

        ring.TryRead(slot, out _).ShouldBeFalse();
    }

    public void Dispose() => _directory.Dispose();

    private MappedRing Open() => MappedRing.Open(_directory.File("ring"), 1024);
}
