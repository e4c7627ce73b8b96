using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

public sealed class ReloadTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private string Configuration => _directory.File("sluice.json");

    /// <summary>The file is ours.</summary>
    private static ReloadCause Changed { get; } =
        OperatingSystem.IsLinux() ? new ReloadCause(Environment.UserName, "file change") : new ReloadCause("file change");

    private DataDirectory Data => new(_directory.File("d"));

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangedFile_IsTakenOverAndABadOneKeepsTheLastGood()
    {
        Write("one");
        await using var gateway = await StartAsync();
        using var http = new HttpClient { BaseAddress = gateway.Address };
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["one"]);

        Write("two");
        Look();
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);

        await File.WriteAllTextAsync(Configuration, "{ oops", Ended);
        Look();
        Look();
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
        (await http.GetStringAsync("/readyz", Ended)).ShouldContain("last good configuration");
        (await StatusAsync(gateway)).GetProperty("configurationRejected").GetString()!.ShouldContain("invalid start of a property name");
        Measured("sluice.config.rejected").ShouldContain(1);

        Write("three");
        Look();
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["three"]);
        (await http.GetStringAsync("/readyz", Ended)).ShouldBe("ready");
        (await StatusAsync(gateway)).GetProperty("configurationRejected").ValueKind.ShouldBe(JsonValueKind.Null);
        Data.Revisions.List()
            .Select(r => (r.Number, r.Refused, r.Cause))
            .ShouldBe([(4, false, Changed), (3, true, Changed), (2, false, Changed), (1, false, ReloadCause.Start)]);
    }

    [Fact]
    public async Task FileThatIsHalfWritten_IsNotRefused()
    {
        Write("one");
        await using var gateway = await StartAsync();

        await File.WriteAllTextAsync(Configuration, "{ \"providers\": {", Ended);
        Look();
        gateway.Engine.Configuration.Rejected.ShouldBeNull();
        Write("two");
        Look();

        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
        Data.Revisions.List().ShouldAllBe(r => !r.Refused);
    }

    [Fact]
    public async Task BadFileThatIsTakenBack_IsForgotten()
    {
        Write("one");
        await using var gateway = await StartAsync();
        await File.WriteAllTextAsync(Configuration, "{", Ended);
        Look();
        Look();
        gateway.Engine.Configuration.Rejected.ShouldNotBeNull();

        Write("one");
        Look();

        gateway.Engine.Configuration.Rejected.ShouldBeNull();
        gateway.Engine.Configuration.Current.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task FileOfTheSameAgeAndLength_IsTakenOver()
    {
        Write("one");
        File.SetLastWriteTimeUtc(Configuration, DateTime.UnixEpoch);
        await using var gateway = await StartAsync();

        Write("two");
        File.SetLastWriteTimeUtc(Configuration, DateTime.UnixEpoch);
        Look();

        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
    }

    [Fact]
    public async Task LinkedDirectoryThatIsTurnedOver_IsTakenOver()
    {
        foreach (var route in (string[])["one", "two"])
        {
            Directory.CreateDirectory(_directory.File($"..{route}"));
            await File.WriteAllTextAsync(_directory.File($"..{route}/sluice.json"), Text(route), Ended);
        }

        Directory.CreateSymbolicLink(_directory.File("..data"), "..one");
        File.CreateSymbolicLink(Configuration, "..data/sluice.json");
        await using var gateway = await StartAsync();

        // As container mounts do it: a new link, moved over the old one.
        Directory.CreateSymbolicLink(_directory.File("..next"), "..two");
        Directory.Delete(_directory.File("..data"));
        Directory.Move(_directory.File("..next"), _directory.File("..data"));
        Look();

        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
    }

    [Fact]
    [ChangesBehaviour("provider.apiKey")]
    public async Task FilesItExtendsAndSecrets_AreWatchedToo()
    {
        await File.WriteAllTextAsync(_directory.File("key"), "first", Ended);
        await File.WriteAllTextAsync(_directory.File("base.json"), """{ "providers": { "groq": { "apiKey": "file:key" } } }""", Ended);
        await File.WriteAllTextAsync(Configuration, """{ "extends": ["base.json"] }""", Ended);
        await using var gateway = await StartAsync();
        string Key() => gateway.Engine.Configuration.Current.Providers["groq"].Credentials.Single().Secret!;
        Key().ShouldBe("first");

        await File.WriteAllTextAsync(_directory.File("key"), "second", Ended);
        Look();
        Key().ShouldBe("second");
        await File.WriteAllTextAsync(
            _directory.File("base.json"),
            """{ "pins": false, "providers": { "groq": { "apiKey": "file:key" } } }""",
            Ended
        );
        Look();
        gateway.Engine.Configuration.Current.Pins.ShouldBeFalse();

        var revisions = Data.Revisions.List();
        revisions.Select(r => r.Changes.Single().ToString()).Take(2).ShouldBe(["+ /pins: false", $"~ file:{_directory.File("key")}"]);
        revisions.SelectMany(r => r.Files.Select(f => f.Text).Append(r.Merged)).ShouldAllBe(text => !text.Contains("second"));
    }

    [Fact]
    public async Task FileThatAppearsLater_MendsWhatWasRefused()
    {
        Write("one");
        await using var gateway = await StartAsync();
        await File.WriteAllTextAsync(Configuration, """{ "extends": ["late.json"] }""", Ended);
        Look();
        Look();
        gateway.Engine.Configuration.Rejected!.Message.ShouldContain("late.json cannot be read");

        await File.WriteAllTextAsync(_directory.File("late.json"), Text("late"), Ended);
        Look();

        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["late"]);
    }

    [Fact]
    public async Task AdminReload_AnswersWithTheRevisionOrEveryError()
    {
        Write("one");
        await using var gateway = await StartAsync();
        using var admin = await AdminAsync(gateway);

        using var same = await admin.PostAsync("/admin/reload", null, Ended);
        Write("two");
        admin.DefaultRequestHeaders.Add("x-sluice-actor", "ada");
        using var good = await admin.PostAsync("/admin/reload", new StringContent("""{ "because": "two is better" }"""), Ended);
        await File.WriteAllTextAsync(
            Configuration,
            """{ "routs": {}, "providers": { "openai": { "apiKey": "sk-0123456789abcdefghij" } } }""",
            Ended
        );
        using var bad = await admin.PostAsync("/admin/reload", null, Ended);
        using var again = await admin.PostAsync("/admin/reload", null, Ended);
        using var wrong = await admin.PostAsync("/admin/reload", new StringContent("because"), Ended);

        (await same.Content.ReadAsStringAsync(Ended)).ShouldBe("""{"revision":1,"changed":false}""");
        (await good.Content.ReadAsStringAsync(Ended)).ShouldBe("""{"revision":2,"changed":true}""");
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await bad.Content.ReadAsStringAsync(Ended)).ShouldContain("unknown member");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var revisions = Data.Revisions.List();
        revisions
            .Select(r => (r.Number, r.Cause.Who, r.Cause.Because))
            .ShouldBe([(3, "ada", null), (2, "ada", "two is better"), (1, "start", null)]);
        revisions[0].Errors.ShouldContain(e => e.StartsWith("routs: unknown member"));
        revisions[0].Errors.ShouldContain(e => e.StartsWith("providers.openai.apiKey: a secret is written out"));
        revisions[0].Files.ShouldBeEmpty();
        revisions[1].Changes.Select(c => (c.Kind, c.Pointer)).ShouldBe([("removed", "/routes/one"), ("added", "/routes/two")]);
        Everything().ShouldNotContain("sk-0123456789");
    }

    [Fact]
    public async Task Revisions_GoOnCountingOverRestarts()
    {
        Write("one");
        await (await StartAsync()).DisposeAsync();
        await (await StartAsync()).DisposeAsync();
        Data.Revisions.List().Count.ShouldBe(1);

        Write("two");
        await using var gateway = await StartAsync();

        gateway.Engine.Configuration.Current.Revision.ShouldBe(2);
        Data.Revisions.List()[0].Changes.Select(c => c.Pointer).ShouldBe(["/routes/one", "/routes/two"]);
    }

    [Fact]
    public async Task RevisionThatCannotBeWrittenDown_ComesIntoForceAllTheSame()
    {
        Write("one");
        await using var gateway = await StartAsync();
        await using (var database = new SqliteConnection($"Data Source={Data.Database};Pooling=false"))
        {
            await database.OpenAsync(Ended);
            await using var drop = database.CreateCommand();
            drop.CommandText = "DROP TABLE revisions";
            await drop.ExecuteNonQueryAsync(Ended);
        }

        Write("two");
        Look();

        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
        gateway.Engine.Configuration.Current.Revision.ShouldBe(2);
    }

    public void Dispose() => _directory.Dispose();

    private static string Text(string route) =>
        $$"""{ "providers": { "ollama": {} }, "routes": { "{{route}}": { "targets": ["ollama/m"] } } }""";

    private void Write(string route) => File.WriteAllText(Configuration, Text(route));

    private void Look() => _time.Advance(TimeSpan.FromSeconds(1));

    private string Everything() =>
        string.Concat(
            Directory.EnumerateFiles(_directory.File("d"), "sluice.db*").Select(f => File.ReadAllText(f, System.Text.Encoding.Latin1))
        );

    private async Task<HttpClient> AdminAsync(GatewayHost gateway)
    {
        var admin = new HttpClient { BaseAddress = gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add("x-api-key", await File.ReadAllTextAsync(_directory.File("d/admin.key"), Ended));
        return admin;
    }

    private async Task<JsonElement> StatusAsync(GatewayHost gateway)
    {
        using var admin = await AdminAsync(gateway);
        return JsonDocument.Parse(await admin.GetStringAsync("/admin/status", Ended)).RootElement;
    }

    /// <summary>What every gateway of this process says of a gauge; others run beside this test.</summary>
    private static List<long> Measured(string gauge)
    {
        var values = new List<long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == gauge)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    private Task<GatewayHost> StartAsync()
    {
        var compiler = new ConfigurationCompiler(_ => null);
        return GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileFile(Configuration, revision),
                Data = _directory.File("d"),
                Port = 0,
                Log = false,
                Engine = new EngineOptions { Time = _time },
            }
        );
    }
}
