using System.Net;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

public sealed class ReloadTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private int _writes;

    private string Configuration => _directory.File("sluice.json");

    [Fact]
    public async Task ChangedFile_IsTakenOverAndABadOneKeepsTheLastGood()
    {
        Write("one");
        await using var gateway = await StartAsync();
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["one"]);

        Write("two");
        _time.Advance(TimeSpan.FromSeconds(1));
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);

        File.WriteAllText(Configuration, "{ oops");
        File.SetLastWriteTimeUtc(Configuration, DateTime.UnixEpoch);
        _time.Advance(TimeSpan.FromSeconds(1));
        gateway.Engine.Configuration.Current.Routes.Keys.ShouldBe(["two"]);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        (await http.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldContain("last good configuration");
    }

    [Fact]
    public async Task AdminReload_AnswersWithTheRevisionOrEveryError()
    {
        Write("one");
        await using var gateway = await StartAsync();
        using var admin = new HttpClient { BaseAddress = gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add(
            "x-api-key",
            await File.ReadAllTextAsync(_directory.File("d/admin.key"), TestContext.Current.CancellationToken)
        );

        using var good = await admin.PostAsync("/admin/reload", null, TestContext.Current.CancellationToken);
        File.WriteAllText(Configuration, """{ "routs": {} }""");
        using var bad = await admin.PostAsync("/admin/reload", null, TestContext.Current.CancellationToken);

        (await good.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"revision":2}""");
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("unknown member");
    }

    public void Dispose() => _directory.Dispose();

    private void Write(string route)
    {
        File.WriteAllText(Configuration, $$"""{ "providers": { "ollama": {} }, "routes": { "{{route}}": { "targets": ["ollama/m"] } } }""");
        File.SetLastWriteTimeUtc(Configuration, DateTime.UnixEpoch.AddDays(++_writes));
    }

    private Task<GatewayHost> StartAsync()
    {
        var compiler = new ConfigurationCompiler(_ => null);
        return GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileFile(Configuration, revision),
                Files = [Configuration],
                Data = _directory.File("d"),
                Port = 0,
                Log = false,
                Engine = new EngineOptions { Time = _time },
            }
        );
    }
}
