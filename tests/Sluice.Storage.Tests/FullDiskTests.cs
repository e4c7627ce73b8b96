using System.Diagnostics;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

/// <summary>A file system of four megabytes that runs full under the ledger. Mounting one needs the rights of root.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private bool _mounted;

    [Fact]
    public async Task FullDisk_StopsAdmissionClearly_LosesNothing_AndGoesOnWhenThereIsRoom()
    {
        await MountAsync();
        var settings = new LedgerSettings { RingSlots = 1024 };
        var data = new DataDirectory(_directory.Path);
        var settled = new List<string>();
        await using (var ledger = data.OpenLedger(settings, _time))
        {
            var (stopped, resumed) = (new TaskCompletionSource<string>(), new TaskCompletionSource<bool>());
            ledger.Writer.Stopped += why => stopped.SetResult(why.Message);
            ledger.Writer.Resumed += () => resumed.SetResult(true);
            Call(ledger, settled);
            ledger.Writer.Drain();
            Fill();
            Should.Throw<LedgerException>(() =>
            {
                Call(ledger, settled);
                ledger.Writer.Drain();
            });

            await _time.PassAsync(TimeSpan.FromMilliseconds(50));
            (await stopped.Task).ShouldContain("disk is full");
            // The ring takes calls until it cannot promise their settlements any more.
            var refused = Should.Throw<LedgerException>(() =>
            {
                while (settled.Count < 5_000)
                {
                    Call(ledger, settled);
                }
            });
            refused.Message.ShouldContain("the ledger's ring is full");
            refused.Message.ShouldContain("disk is full");
            File.Delete(_directory.File("filler"));
            // The writer tries again after twice as long a pause.
            await _time.PassAsync(TimeSpan.FromMilliseconds(100));
            await resumed.Task;
            Call(ledger, settled);
        }

        using var store = new Sqlite.SqliteLedgerStore(data.Database);
        store.List(10_000).Select(e => e.Hold.Call).Reverse().ShouldBe(settled);
        new Sluice.Ledger.Verification.LedgerVerifier(store, data.Anchors)
            .Run(TestContext.Current.CancellationToken)
            .Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task FullDisk_WhenTheProcessEnds_IsReplayedAtTheNextStart()
    {
        await MountAsync();
        var settings = new LedgerSettings { RingSlots = 1024 };
        var data = new DataDirectory(_directory.Path);
        var settled = new List<string>();
        await using (var ledger = data.OpenLedger(settings, _time))
        {
            ledger.Writer.Drain();
            Fill();
            for (var i = 0; i < 100; i++)
            {
                Call(ledger, settled);
            }
        }

        Should.Throw<LedgerException>(() => data.OpenLedger(settings, _time)).Message.ShouldContain("disk is full");
        File.Delete(_directory.File("filler"));
        await using (var ledger = data.OpenLedger(settings, _time))
        {
            ledger.Recovered.ShouldBeEmpty();
            ledger.Store.List(1000).Select(e => e.Hold.Call).Reverse().ShouldBe(settled);
        }
    }

    [Fact]
    public async Task FullDisk_WithoutRoomForTheRing_SaysWhatItNeedsAndLeavesNothingHalfMade()
    {
        await MountAsync();
        var data = new DataDirectory(_directory.Path);

        Should
            .Throw<LedgerException>(() => data.OpenLedger(new LedgerSettings { RingSlots = 8192 }, _time))
            .Message.ShouldContain("ledger.ringSlots");

        await data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time).DisposeAsync();
    }

    [Fact]
    public async Task ReadOnlyDisk_CanBeListedAndIsNotOpened()
    {
        await MountAsync();
        var data = new DataDirectory(_directory.Path);
        await using (var ledger = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time))
        {
            Call(ledger, []);
        }

        await RunAsync("mount", "-o", "remount,ro", _directory.Path);

        Should
            .Throw<LedgerException>(() => data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time))
            .ShouldNotBeOfType<LedgerInUseException>();
        new Sqlite.SqliteLedgerReader(data.Database).List(10).Count.ShouldBe(1);
    }

    public void Dispose()
    {
        if (_mounted)
        {
            using var umount = Process.Start("umount", _directory.Path);
            umount.WaitForExit();
        }

        _directory.Dispose();
    }

    private void Call(LedgerBook ledger, List<string> settled)
    {
        var call = $"call_{settled.Count}";
        var hold = ledger
            .TryHold(
                new HoldRecord
                {
                    At = _time.GetUtcNow(),
                    Call = call,
                    Attempt = 1,
                    RouteAsked = "asked",
                    Route = "actual",
                    Provider = "p",
                    Model = "m",
                    Credential = "p#1",
                    Amount = new Credits(100),
                }
            )
            .Hold!;
        ledger.Settle(
            new SettlementRecord
            {
                HoldId = hold.Id,
                At = _time.GetUtcNow(),
                Outcome = EntryOutcome.Completed,
                Usage = Usage.None,
                Cost = new Credits(50),
            }
        );
        settled.Add(call);
    }

    /// <summary>Takes all the room there is.</summary>
    private void Fill()
    {
        using var file = new FileStream(_directory.File("filler"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        foreach (var block in (int[])[65_536, 4096, 512, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[block]);
                }
            }
            catch (IOException)
            {
                // Full, to a block of this size.
            }
        }
    }

    private async Task MountAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "file systems are mounted on Linux only");
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _directory.Path) == 0,
            "mounting a small file system needs the rights of root"
        );
        _mounted = true;
    }

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
