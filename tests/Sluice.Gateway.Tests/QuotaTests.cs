using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Testing;
using Sluice.Upstream;

namespace Sluice.Gateway.Tests;

/// <summary>An authority over quotas on a socket of its own, and what its word does.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string What, string Key, JsonElement Body)> _asked = [];
    private readonly TaskCompletionSource _recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<JsonElement, IResult> _answer = _ => Results.Text("""{"allowed":true}""");
    private int _awaited = 1;
    private string? _token;
    private WebApplication _authority = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _authority = builder.Build();
        _authority.MapPost(
            "/{what}",
            async (HttpRequest request, string what) =>
            {
                using var body = await JsonDocument.ParseAsync(request.Body);
                var read = body.RootElement.Clone();
                _token = request.Headers.Authorization.ToString();
                _asked.Enqueue((what, request.Headers["idempotency-key"].ToString(), read));
                if (what == "record" && _asked.Count(a => a.What == "record") >= _awaited)
                {
                    _recorded.TrySetResult();
                }

                return what == "check" ? _answer(read) : Results.NoContent();
            }
        );
        await _authority.StartAsync();
    }

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task Allowed_IsAskedBeforeAndToldAfter()
    {
        await using var fixture = await StartAsync(GatewayFixture.Sim("oai", "sim"));

        (await PostAsync(fixture, "t1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _recorded.Task.WaitAsync(TestContext.Current.CancellationToken);

        var (check, record) = (_asked.First(), _asked.Last());
        check.Body.GetProperty("tenant").GetString().ShouldBe("t1");
        check.Body.GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);
        record.Key.ShouldBe($"record-{check.Body.GetProperty("id").GetString()}");
        record.Body.GetProperty("outcome").GetString().ShouldBe("completed");
        record.Body.GetProperty("outputTokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    [ChangesBehaviour("root.quota", "quota.url")]
    public async Task Denied_StopsThatCallAndTouchesNobodyElse()
    {
        _answer = body =>
            body.GetProperty("tenant").GetString() == "a"
                ? Results.Text("""{"allowed":false,"reason":"the plan of a ends here"}""")
                : Results.Text("""{"allowed":true}""");
        await using var fixture = await StartAsync(GatewayFixture.Sim("oai", "sim"), GatewayFixture.Sim("ant", "sim"));

        using var denied = await PostAsync(fixture, "a");
        using var allowed = await PostAsync(fixture, "b");

        denied.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await denied.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("the plan of a ends here");
        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
        _asked.Count(a => a.What == "check").ShouldBe(2, "a denial of the tenant asks for no second provider");
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Denials_AreHeldAgainstNoTarget()
    {
        _answer = body =>
            body.GetProperty("tenant").GetString() is var tenant && tenant == "a" ? Results.Text("""{"allowed":false}""")
            : tenant == "b" ? Results.Text("""{"allowed":false,"scope":"provider"}""")
            : Results.Text("""{"allowed":true}""");
        await using var fixture = await StartAsync(GatewayFixture.Sim("oai", "sim"));
        for (var i = 0; i < 6; i++)
        {
            using var whole = await PostAsync(fixture, "a");
            using var one = await PostAsync(fixture, "b");
            whole.IsSuccessStatusCode.ShouldBeFalse();
            one.IsSuccessStatusCode.ShouldBeFalse();
        }

        var health = fixture.Gateway.Engine.Health;
        health.Facts.Count.ShouldBe(0);
        health.Known.ShouldAllBe(known => known.Value.Breaker.Record.Level == 0 && known.Value.Breaker.Record.Failures == 0);
        using var other = await PostAsync(fixture, "c");
        other.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/sim");
    }

    [Fact]
    public async Task DeniedForOneProvider_GoesOnToTheNext()
    {
        _answer = body =>
            body.GetProperty("provider").GetString() == "oai"
                ? Results.Text("""{"allowed":false,"scope":"provider"}""")
                : Results.Text("""{"allowed":true}""");
        await using var fixture = await StartAsync(GatewayFixture.Sim("oai", "sim"), GatewayFixture.Sim("ant", "sim"));

        using var answer = await PostAsync(fixture, "t");

        answer.Headers.GetValues("x-sluice-target").Single().ShouldBe("ant/sim");
    }

    [Fact]
    public async Task FailedAttempt_IsReleasedAndTheNextIsAskedFor()
    {
        _awaited = 2;
        await using var fixture = await StartAsync(GatewayFixture.Sim("oai", "sim-status-422"), GatewayFixture.Sim("ant", "sim"));

        using var answer = await PostAsync(fixture, "t");
        using var second = await PostAsync(fixture, "t");
        await _recorded.Task.WaitAsync(TestContext.Current.CancellationToken);

        var records = _asked.Where(a => a.What == "record").Select(a => (a.Key, Cost: a.Body.GetProperty("cost").GetDecimal())).ToList();
        records.Select(r => r.Key).ShouldBeUnique();
        records.ShouldAllBe(r => r.Cost == 0);
    }

    [Theory]
    [InlineData("closed", HttpStatusCode.PaymentRequired)]
    [InlineData("open", HttpStatusCode.OK)]
    [ChangesBehaviour("quota.onFailure")]
    public async Task AuthorityThatFails_IsTakenAsConfigured(string onFailure, HttpStatusCode expected)
    {
        _answer = _ => Results.StatusCode(500);
        await using var fixture = await StartWhenItFailsAsync(onFailure, GatewayFixture.Sim("oai", "sim"));

        using var answer = await PostAsync(fixture, "t");

        answer.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(""", "token": "env:QUOTA" """, "Bearer secret-QUOTA")]
    [ChangesBehaviour("quota.token")]
    public async Task Token_IsWhatTheAuthorityKnowsUsBy(string option, string expected)
    {
        await using var fixture = await GatewayFixture.StartAsync(Configuration(option, GatewayFixture.Sim("oai", "sim")));

        (await PostAsync(fixture, "t")).StatusCode.ShouldBe(HttpStatusCode.OK);

        _token.ShouldBe(expected);
    }

    /// <summary>The authority does not answer, and only the gateway's clock moves.</summary>
    [Theory]
    [InlineData(70)]
    [InlineData(7_000)]
    [ChangesBehaviour("quota.timeout")]
    public async Task Timeout_IsHowLongItIsWaitedFor(int milliseconds)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = _ => new Hanging(never.Task);
        var time = new ManualTimeProvider();
        await using var fixture = await GatewayFixture.StartAsync(
            Configuration($$""", "timeout": "{{milliseconds}}ms" """, GatewayFixture.Sim("oai", "sim")),
            time
        );

        var asking = PostAsync(fixture, "t");
        await time.PassAsync(TimeSpan.FromMilliseconds(milliseconds));
        using var answer = await asking;
        never.SetResult();

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"within {milliseconds} ms");
    }

    /// <summary>Who asks the former one when the configuration changes is answered by it; all of them share their connections.</summary>
    [Fact]
    public async Task Replaced_StillAnswersAndLeavesNothingOpen()
    {
        var (asked, answering) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        _answer = _ =>
        {
            asked.TrySetResult();
            return new Hanging(answering.Task, """{"allowed":true}""");
        };
        var ways = new ConcurrentQueue<Way>();
        var timeout = 30;
        var fixture = await GatewayFixture.StartAsync(
            Configuration(""", "timeout": "30s" """, GatewayFixture.Sim("oai", "sim")),
            change: options =>
                options with
                {
                    Load = revision =>
                        options.Load(revision) is { Quota: { } quota } read
                            ? read with
                            {
                                Quota = quota with { Timeout = TimeSpan.FromSeconds(timeout) },
                            }
                            : throw new InvalidOperationException(),
                    Engine = options.Engine with { Upstream = new UpstreamOptions { Handler = () => Way.In(ways) } },
                }
        );
        await using (fixture)
        {
            var asking = PostAsync(fixture, "t");
            await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
            var open = ways.Count;
            for (timeout = 31; timeout < 36; timeout++)
            {
                fixture.Gateway.Engine.Configuration.Reload();
            }

            answering.SetResult();

            (await asking).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await PostAsync(fixture, "t")).StatusCode.ShouldBe(HttpStatusCode.OK);
            // The way to the provider was opened after the authority had said yes.
            ways.Count.ShouldBeLessThanOrEqualTo(open + 1);
        }

        ways.ShouldAllBe(way => way.Closed);
    }

    /// <summary>Neither naming an authority in the configuration nor taking it out again puts a program's own aside.</summary>
    [Fact]
    public async Task ProgramsOwnAuthority_StaysWhateverTheConfigurationNames()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var quota = $$""", "quota": { "url": "{{_authority.Urls.Single()}}" }""";
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var live = new LiveConfiguration(revision =>
            compiler.CompileText(
                $$"""
                {
                  "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
                  "routes": { "r": { "default": true, "targets": [{{GatewayFixture.Sim("oai", "sim")}}] } }{{quota}}
                }
                """,
                "/",
                revision
            )
        );
        var own = new CountingAuthority();
        var services = new ServiceCollection().AddSingleton<IQuotaProvider>(own);
        services.AddSluice(live, new EngineOptions());
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();

        await client.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);
        quota = "";
        live.Reload();
        await client.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);

        own.Checks.ShouldBe(2);
        _asked.ShouldBeEmpty();
    }

    private sealed class CountingAuthority : IQuotaProvider
    {
        public int Checks { get; private set; }

        public ValueTask<QuotaDecision> CheckAsync(QuotaRequest request, CancellationToken cancellationToken)
        {
            Checks++;
            return new(QuotaDecision.Allow);
        }

        public ValueTask RecordAsync(QuotaRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private Task<GatewayFixture> StartAsync(params string[] targets) => StartWhenItFailsAsync("closed", targets);

    private Task<GatewayFixture> StartWhenItFailsAsync(string onFailure, params string[] targets) =>
        GatewayFixture.StartAsync(Configuration($$""", "onFailure": "{{onFailure}}", "timeout": "30s" """, targets));

    /// <param name="option">What stands beside the address, with a comma before it.</param>
    private string Configuration(string option, params string[] targets) =>
        $$"""
            "routes": { "r": { "default": true, "targets": [{{string.Join(",", targets)}}] } },
            "quota": { "url": "{{_authority.Urls.Single()}}"{{option}} }
            """;

    /// <summary>An answer that comes when it is let.</summary>
    private sealed class Hanging(Task until, string text = "") : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await until;
            await httpContext.Response.WriteAsync(text);
        }
    }

    /// <summary>A way out of the gateway that knows whether it was closed.</summary>
    private sealed class Way() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool Closed { get; private set; }

        public static Way In(ConcurrentQueue<Way> ways)
        {
            var way = new Way();
            ways.Enqueue(way);
            return way;
        }

        protected override void Dispose(bool disposing)
        {
            Closed = true;
            base.Dispose(disposing);
        }
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayFixture fixture, string tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"r","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}"""),
        };
        request.Headers.Add("x-sluice-tenant", tenant);
        return fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
