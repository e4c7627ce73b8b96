using Sluice.Ledger;
using Sluice.Ledger.Verification;
using Sluice.Storage.Sqlite;

namespace Sluice.Storage.Tests;

public sealed class LedgerVerifierTests
{
    private const int Some = 3_000;

    [Fact]
    public void Run_WholeLedgerOfManySegments_FindsNothing()
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(Some);
        ledger.Anchor();

        var verification = ledger.Verify();

        verification.Findings.ShouldBeEmpty();
        (verification.Entries, verification.Segments, verification.Anchors, verification.Last).ShouldBe((Some, 5, 1, Some));
    }

    [Fact]
    public void Run_LedgerThatWasReopened_FindsNothing()
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(650);
        ledger.Close();
        ledger.Reopen();
        ledger.Write(Some);

        ledger.Verify().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(701)]
    [InlineData(1500)]
    [InlineData(Some - 1)]
    public void Run_OneFlippedBitInAHash_NamesTheEntry(int entry) => FlipAHash(Some, entry);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(700, 701)]
    [InlineData(1234, 1234)]
    [InlineData(2000, 2009)]
    public void Run_DeletedEntries_AreNamed(int first, int last) => Delete(Some, first, last);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(700, 701)]
    [InlineData(1000, 1002)]
    [InlineData(100, 2900)]
    public void Run_SwappedPair_IsNamed(int one, int other) => Swap(Some, one, other);

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public void Run_CutTail_IsSeenByTheAnchor(int entries) => Cut(Some, entries);

    /// <summary>The same in a ledger of the size that a small team has after a month.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void Run_HundredThousandEntries_FindsEach()
    {
        FlipAHash(100_000, 54_321);
        Delete(100_000, 77_777, 77_777);
        Swap(100_000, 12_345, 12_346);
        Swap(100_000, 500, 99_500);
        Cut(100_000, 1);
        Cut(100_000, 1_000);
    }

    [Theory]
    [InlineData("cost = cost + 1")]
    [InlineData("model = (SELECT max(id) FROM names)")]
    [InlineData("call = 'call_other'")]
    [InlineData("held_at = 9223372036854775807")]
    [InlineData("duration = duration + 1, input = input + 1")]
    [InlineData("failure = 99")]
    public void Run_ChangedColumn_NamesTheEntry(string change)
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(Some);
        ledger.Tamper($"UPDATE entries SET {change} WHERE sequence = 1000");

        ledger.Verify().Findings.Select(f => (f.Kind, f.First, f.Last)).ShouldBe([(FindingKind.Changed, 1000, 1000)]);
    }

    [Fact]
    public void Run_EntryRewrittenWithItsHash_IsSeenByTheOneAfter()
    {
        using var ledger = new WrittenLedger().Write(Some);
        var entries = ledger.Entries();
        var forged = entries[999] with { Hold = entries[999].Hold with { Attempt = 7 } };
        ledger.Tamper($"UPDATE entries SET attempt = 7, hash = x'{forged.HashAfter(entries[998].Hash)}' WHERE sequence = 1000");

        ledger.Verify().Findings.Single().First.ShouldBe(1001);
    }

    [Fact]
    public void Run_TailCutWithRollupsAndSegment_IsSeenByTheAnchor()
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(2_000);
        ledger.Close();
        var earlier = File.ReadAllBytes(ledger.Data.Database);
        ledger.Reopen();
        ledger.Write(100).Anchor();
        ledger.Close();
        File.WriteAllBytes(ledger.Data.Database, earlier);

        ledger.Verify().Findings.Select(f => (f.Kind, f.First, f.Last)).ShouldBe([(FindingKind.Cut, 2001, 2100)]);
    }

    [Fact]
    public void Run_AnotherHistoryAsLong_IsSeenByTheAnchor()
    {
        using var ledger = new WrittenLedger(seed: 1).Write(500);
        ledger.Anchor();
        using var other = new WrittenLedger(seed: 2).Write(500);

        var findings = new LedgerVerifier(other.Store, ledger.Data.Anchors).Run(CancellationToken.None).Findings;

        findings.Select(f => (f.Kind, f.First)).ShouldBe([(FindingKind.Anchor, 500)]);
    }

    [Theory]
    [InlineData("UPDATE days SET cost = cost + 1 WHERE segment = 2", nameof(FindingKind.Rollup))]
    [InlineData("UPDATE hours SET attempts = attempts - 1 WHERE segment = 2", nameof(FindingKind.Rollup))]
    [InlineData("DELETE FROM days WHERE segment = 2", nameof(FindingKind.Rollup))]
    [InlineData("UPDATE groups SET key = 'key_x' WHERE id = 1", nameof(FindingKind.Rollup))]
    [InlineData("UPDATE segments SET cost = cost + 1 WHERE number = 2", nameof(FindingKind.Link))]
    [InlineData("UPDATE segments SET last_hash = zeroblob(32) WHERE number = 2", nameof(FindingKind.Link))]
    [InlineData("DELETE FROM segments WHERE number = 2", nameof(FindingKind.Link))]
    [InlineData("DELETE FROM segments", nameof(FindingKind.Extra))]
    public void Run_TamperedRollupOrLink_IsFound(string sql, string kind)
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(Some);
        ledger.Tamper(sql);

        ledger.Verify().Findings[0].Kind.ToString().ShouldBe(kind);
    }

    [Fact]
    public void Run_LinkForgedWithItsHash_BreaksWhatFollows()
    {
        using var ledger = new WrittenLedger(segmentEntries: 700).Write(Some);
        using var view = ledger.Store.Look();
        var link = view.Segments()[1];
        var forged = link with { NewestAt = link.NewestAt.AddDays(-200) };
        ledger.Tamper(
            $"UPDATE segments SET newest_at = {forged.NewestAt.UtcTicks}, hash = x'{forged.ComputeHash()}' WHERE number = {link.Number}"
        );

        ledger.Verify().Findings.ShouldContain(f => f.Kind == FindingKind.Link && f.First == link.Last + 1);
    }

    [Fact]
    public void Run_DamagedPage_IsAFindingAndNoCrash()
    {
        using var ledger = new WrittenLedger().Write(Some);
        ledger.Close();
        using (var file = File.OpenWrite(ledger.Data.Database))
        {
            file.Position = 20 * 4096;
            file.Write(new byte[4096]);
        }

        ledger.Verify().Findings.ShouldContain(f => f.Kind == FindingKind.File);
    }

    /// <summary>Wherever a bit flips in what the ledger keeps, it is found or was nothing: free space reads as before.</summary>
    [Fact]
    public void Run_BitFlippedAnywhere_IsFoundOrChangesNothing()
    {
        using var ledger = new WrittenLedger(segmentEntries: 150).Write(400);
        ledger.Anchor();
        ledger.Close();
        var whole = File.ReadAllBytes(ledger.Data.Database);
        var random = new Random(7);
        for (var i = 0; i < 150; i++)
        {
            var bytes = whole.ToArray();
            var place = random.Next(100, bytes.Length);
            bytes[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(ledger.Data.Database, bytes);
            var reader = new SqliteLedgerReader(ledger.Data.Database);
            if (new LedgerVerifier(reader, ledger.Data.Anchors).Run(CancellationToken.None).IsWhole)
            {
                Dump(reader).ShouldBe(Dump(ledger, whole), $"byte {place}");
            }
        }
    }

    private static string Dump(WrittenLedger ledger, byte[] whole)
    {
        File.WriteAllBytes(ledger.Data.Database, whole);
        return Dump(new SqliteLedgerReader(ledger.Data.Database));
    }

    private static string Dump(SqliteLedgerReader reader)
    {
        using var view = reader.Look();
        return string.Join('\n', view.Entries(1, long.MaxValue).Select(e => e.Readable.ToString()))
            + string.Join('\n', view.Segments().Select(s => s.ToString()));
    }

    private static void FlipAHash(int entries, int entry)
    {
        using var ledger = new WrittenLedger(segmentEntries: entries > Some ? 40_000 : 700).Write(entries);
        var hash = ledger.Entries()[entry - 1].Hash;
        ledger.Close();
        ledger.Flip(Convert.FromHexString(hash));

        Found(ledger).ShouldContain((FindingKind.Changed, entry, entry));
        Found(ledger).ShouldAllBe(f => f.Kind != FindingKind.Changed || f.First == entry);
    }

    private static void Delete(int entries, int first, int last)
    {
        using var ledger = new WrittenLedger(segmentEntries: entries > Some ? 40_000 : 700).Write(entries);
        ledger.Tamper($"DELETE FROM entries WHERE sequence BETWEEN {first} AND {last}");

        var found = Found(ledger);
        found.ShouldAllBe(f => f.Kind == FindingKind.Missing);
        found
            .SelectMany(f => Enumerable.Range((int)f.First, (int)(f.Last - f.First + 1)))
            .ShouldBe(Enumerable.Range(first, last - first + 1));
    }

    private static void Swap(int entries, int one, int other)
    {
        using var ledger = new WrittenLedger(segmentEntries: entries > Some ? 40_000 : 700).Write(entries);
        ledger.Tamper(
            $"""
            UPDATE entries SET sequence = -1 WHERE sequence = {one};
            UPDATE entries SET sequence = {one} WHERE sequence = {other};
            UPDATE entries SET sequence = {other} WHERE sequence = -1;
            """
        );

        Found(ledger).ShouldBe([(FindingKind.Swapped, one, other)]);
    }

    private static void Cut(int entries, int tail)
    {
        using var ledger = new WrittenLedger(segmentEntries: entries > Some ? 40_000 : 700).Write(entries);
        ledger.Anchor();
        ledger.Tamper($"DELETE FROM entries WHERE sequence > {entries - tail}");

        Found(ledger).ShouldContain((FindingKind.Cut, entries - tail + 1, entries));
        Found(ledger).ShouldAllBe(f => f.Kind == FindingKind.Cut);
    }

    private static List<(FindingKind Kind, long First, long Last)> Found(WrittenLedger ledger) =>
        [.. ledger.Verify().Findings.Select(f => (f.Kind, f.First, f.Last))];
}
