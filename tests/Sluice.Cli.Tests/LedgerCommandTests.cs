using System.Diagnostics;
using System.Text.Json;
using Sluice.Simulator;
using Sluice.Storage;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class LedgerCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>Everything that reads, beside the gateway that writes; then the copy in its place.</summary>
    [Fact]
    public async Task Ledger_BesideARunningGateway_IsVerifiedReportedExportedAndBackedUp()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (process, address) = await ServeAsync(simulator);
        using (process)
        {
            await CallAsync(address, 6, "night");
            await CallAsync(address, 4, "day");
            await WaitForEntriesAsync(10);

            var verified = await JsonAsync("verify");
            (verified.GetProperty("whole").GetBoolean(), verified.GetProperty("entries").GetInt64()).ShouldBe((true, 10));
            await ReportsAsync();
            await ExportsAsync();

            (await RunAsync("backup", "copy.db")).Code.ShouldBe(0);
            var again = await RunAsync("backup", "copy.db");
            (again.Code, again.Error).ShouldSatisfyAllConditions(a => a.Code.ShouldBe(2), a => a.Error.ShouldContain("is there already"));
            await CallAsync(address, 3, "day");
            (await RunAsync("restore", "copy.db", "--replace")).Error.ShouldContain("in use by another process");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = await RunAsync("restore", "copy.db");
        (refused.Code, refused.Error).ShouldSatisfyAllConditions(a => a.Code.ShouldBe(2), a => a.Error.ShouldContain("--replace"));
        var restored = await RunAsync("restore", "copy.db", "--replace");
        restored.Code.ShouldBe(0, restored.Error);
        restored.Output.ShouldContain("10 entries up to 10");
        (await JsonAsync("verify")).GetProperty("last").GetInt64().ShouldBe(10);
        Directory.GetDirectories(_directory.File("d"), "replaced-*").Length.ShouldBe(1);

        var (next, nextAddress) = await ServeAsync(simulator);
        using (next)
        {
            await CallAsync(nextAddress, 1, "night");
            await WaitForEntriesAsync(11);
            (await JsonAsync("verify")).GetProperty("whole").GetBoolean().ShouldBeTrue();
            next.Kill();
        }
    }

    [Fact]
    public async Task Verify_ChangedEntry_IsNamedAndFails()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (process, address) = await ServeAsync(simulator);
        using (process)
        {
            await CallAsync(address, 5, "day");
            await WaitForEntriesAsync(5);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using (var database = SqliteDatabase.Open(DataDirectory.DatabaseIn(_directory.File("d"))))
        {
            SqliteDatabase.Execute(database, "UPDATE entries SET cost = 0 WHERE sequence = 3");
        }

        var (code, output, _) = await RunAsync("verify");

        code.ShouldBe(1);
        output.ShouldContain("entry 3 was changed");
        output.ShouldContain("NOT whole");
        (await RunAsync("backup", "copy.db")).Code.ShouldBe(1);
        (await RunAsync("restore", "copy.db", "--replace")).Error.ShouldContain("nothing was changed");
    }

    [Fact]
    public async Task Verify_WithoutALedger_SaysWhereItLooked()
    {
        var (code, _, error) = await RunAsync("verify");

        code.ShouldBe(2);
        error.ShouldContain("--data");
    }

    [Theory]
    [InlineData("--by", "colour", "there is no 'colour'")]
    [InlineData("--from", "yesterday", "is no time")]
    public async Task Report_WhatIsNotKnown_IsRefusedWithTheCure(string option, string value, string cure)
    {
        new SqliteLedgerStore(new DataDirectory(_directory.File("d")).Database).Dispose();

        var (code, _, error) = await RunAsync("report", option, value);

        code.ShouldBe(2);
        error.ShouldContain(cure);
    }

    public void Dispose() => _directory.Dispose();

    private async Task ReportsAsync()
    {
        var report = await JsonAsync("report", "--by", "model", "route");
        report.GetProperty("total").GetProperty("calls").GetInt64().ShouldBe(10);
        report
            .GetProperty("rows")
            .EnumerateArray()
            .Select(r => (r.GetProperty("route").GetString(), r.GetProperty("attempts").GetInt64()))
            .ShouldBe([("night", 6), ("day", 4)], ignoreOrder: true);
        var csv = await RunAsync("report", "--by", "day,route", "--format", "csv");
        csv.Output.Split('\n')[0].ShouldStartWith("day,route,attempts,calls,");
        (await RunAsync("report", "--by", "provider", "--to", "2001-01-01")).Output.ShouldContain("total");
    }

    private async Task ExportsAsync()
    {
        var lines = (await RunAsync("export")).Output.TrimEnd().Split('\n');
        lines
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("sequence").GetInt64())
            .ShouldBe(Enumerable.Range(1, 10).Select(i => (long)i));
        JsonDocument.Parse((await RunAsync("export", "--format", "json")).Output).RootElement.GetArrayLength().ShouldBe(10);
        (await RunAsync("export", "--format", "csv", "--out", "entries.csv")).Code.ShouldBe(0);
        var csv = await File.ReadAllLinesAsync(_directory.File("entries.csv"), TestContext.Current.CancellationToken);
        csv.Length.ShouldBe(11);
        csv[^1].ShouldContain(",day,day,oai,gpt-4o-mini,");
        (await RunAsync("export", "--format", "csv", "--out", "entries.csv")).Code.ShouldBe(2);
        (await RunAsync("export", "--from", "2999-01-01")).Output.ShouldBeEmpty();
    }

    private async Task<(Process Process, Uri Address)> ServeAsync(SimulatorServer simulator)
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
              "routes": { "night": { "targets": ["oai/gpt-4o-mini"] }, "day": { "targets": ["oai/gpt-4o-mini"], "default": true } },
              "ledger": { "ringSlots": 1024 }
            }
            """,
            TestContext.Current.CancellationToken
        );
        return await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json", "--data", "d");
    }

    private static async Task CallAsync(Uri address, int calls, string route)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var i = 0; i < calls; i++)
        {
            using var response = await http.PostAsync(
                "/v1/chat/completions",
                new StringContent($$"""{"model":"{{route}}","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}"""),
                TestContext.Current.CancellationToken
            );
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Entries follow their calls within a tenth of a second.</summary>
    private async Task WaitForEntriesAsync(int entries)
    {
        var reader = new SqliteLedgerReader(DataDirectory.DatabaseIn(_directory.File("d")));
        while (reader.List(entries).Count < entries)
        {
            await Task.Yield();
        }
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse((await RunAsync([.. arguments, "--json"])).Output).RootElement;

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_directory.Path, ["ledger", .. arguments, "--data", "d"]);
}
