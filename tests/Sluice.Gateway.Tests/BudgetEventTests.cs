using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What a receiver of budget events gets to see, on a socket of its own.</summary>
public sealed class BudgetEventTests : IAsyncLifetime
{
    private readonly Channel<(string Id, string Time, string Signature, string Body)> _received = Channel.CreateUnbounded<(
        string,
        string,
        string,
        string
    )>();
    private readonly Queue<int> _answers = [];
    private WebApplication _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost(
            "/hook",
            async (HttpRequest request) =>
            {
                var body = await new StreamReader(request.Body).ReadToEndAsync();
                var headers = request.Headers;
                _received.Writer.TryWrite(
                    (
                        headers["webhook-id"].ToString(),
                        headers["webhook-timestamp"].ToString(),
                        headers["webhook-signature"].ToString(),
                        body
                    )
                );
                return Results.StatusCode(_answers.TryDequeue(out var status) ? status : 204);
            }
        );
        await _receiver.StartAsync();
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    [ChangesBehaviour("root.webhook", "webhook.url", "webhook.secret", "budget.tellAt")]
    public async Task Threshold_IsPostedSignedAndAgainUntilItIsTaken()
    {
        _answers.Enqueue(503);
        var time = new ManualTimeProvider();
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", GatewayFixture.Sim("oai", "sim-tokens-1000"), null))
                + $$""","budgets": [{ "name": "b", "limit": "0.0040", "per": "total", "tellAt": [0.5] }]"""
                + $$""","webhook": { "url": "{{_receiver.Urls.Single()}}/hook", "secret": "env:HOOK" }""",
            time
        );

        using var answer = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"paid","max_tokens":1000,"messages":[{"role":"user","content":"go"}]}"""
        );
        var first = await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var again = ReadAsync(time);

        var second = await again;
        second.Id.ShouldBe(first.Id);
        second.Body.ShouldBe(first.Body);
        var key = Encoding.UTF8.GetBytes("secret-HOOK");
        second.Signature.ShouldBe(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{second.Id}.{second.Time}.{second.Body}")))
        );
        var told = JsonDocument.Parse(second.Body).RootElement;
        told.GetProperty("type").GetString().ShouldBe("budget.threshold");
        told.GetProperty("data").GetProperty("budget").GetProperty("name").GetString().ShouldBe("b");
        told.GetProperty("data").GetProperty("used").GetDecimal().ShouldBe(0.5m);
        long.Parse(second.Time, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(time.GetUtcNow().ToUnixTimeSeconds() - 60);
    }

    /// <summary>The next request, while the clock of the gateway moves on.</summary>
    private async Task<(string Id, string Time, string Signature, string Body)> ReadAsync(ManualTimeProvider time)
    {
        var next = _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await next;
    }
}
