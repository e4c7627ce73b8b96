using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>The first target fails, each in its own way; the second answers, and headers, receipt and ledger agree.</summary>
public sealed class FailoverTests
{
    private const string Second = "\"backup/gpt-4o-mini\"";

    public static TheoryData<string, string, bool> Faults()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var provider in new[] { "oai", "ant", "rsp", "aws", "awsant" })
        {
            foreach (
                var fault in new[]
                {
                    "status-529",
                    "status-500",
                    "status-503",
                    "quota",
                    "key",
                    "status-404",
                    "reset",
                    "html",
                    "cut-0",
                    "nofinish+tokens-0",
                    "error-first",
                    "error-role",
                }
            )
            {
                foreach (var stream in new[] { true, false })
                {
                    // Faults of a stream do not exist without one.
                    if (
                        stream
                        || !fault.StartsWith("error", StringComparison.Ordinal) && !fault.StartsWith("nofinish", StringComparison.Ordinal)
                    )
                    {
                        data.Add(provider, fault, stream);
                    }
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FirstTargetFails_SecondAnswers(string provider, string fault, bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("first", GatewayFixture.Sim(provider, $"sim-{fault}"), "second"), ("second", Second, null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Ask("first", stream));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.IsSuccessStatusCode.ShouldBeTrue(body);
        body.ShouldContain(stream ? "[DONE]" : "You said: hello");
        response.Headers.GetValues("x-sluice-route").Single().ShouldBe("second");
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/gpt-4o-mini");
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("actualRoute").GetString().ShouldBe("second");
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        var attempts = receipt.GetProperty("attempts").EnumerateArray().ToList();
        attempts[0].GetProperty("outcome").GetString().ShouldBe("Failed");
        attempts[^1].GetProperty("outcome").GetString().ShouldBe("Completed");
        attempts
            .Count.ToString(System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(response.Headers.GetValues("x-sluice-attempts").Single());
        fixture.Gateway.Engine.Ledger.Writer.Drain();
        var entries = fixture.Gateway.Engine.Ledger.Store.OfCall(receipt.GetProperty("call").GetString()!);
        entries
            .Select(e => (e.Hold.Route, e.Settlement.Outcome.ToString()))
            .ShouldBe(attempts.Select(a => (a.GetProperty("route").GetString()!, a.GetProperty("outcome").GetString()!)));
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("silence", true)]
    [InlineData("silence", false)]
    [InlineData("slow-20s", true)]
    public async Task FirstTargetIsSilent_DeadlineFiresAndSecondAnswers(string fault, bool stream)
    {
        var time = new ManualTimeProvider();
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("first", GatewayFixture.Sim("oai", $"sim-{fault}"), "second"), ("second", Second, null)),
            time
        );

        var call = fixture.PostAsync("/v1/chat/completions", Ask("first", stream));
        await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);
        // The first content of a stream; for a whole answer half of the call's ten minutes.
        await time.PassAsync(stream ? TimeSpan.FromSeconds(15) : TimeSpan.FromMinutes(5));
        using var response = await call;

        response.IsSuccessStatusCode.ShouldBeTrue();
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var attempts = (await fixture.ReceiptAsync(response)).GetProperty("attempts").EnumerateArray().ToList();
        attempts.Select(a => a.GetProperty("failure").GetString()).ShouldBe(["Timeout", null]);
    }

    [Fact]
    public async Task BadRequest_IsNotTriedElsewhereAndCarriesTheProvidersWords()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("first", GatewayFixture.Sim("oai", "sim-status-422"), "second"), ("second", Second, null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Ask("first", stream: false));

        ((int)response.StatusCode).ShouldBe(422);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("simulated 422");
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RateLimited_WithAShortWait_IsAskedAgain()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Simulator.Script("gpt-4o-mini", new Simulator.Fault { Status = 429, RetryAfter = 0 });

        using var response = await fixture.PostAsync("/v1/chat/completions", Ask("chat", stream: true));

        response.IsSuccessStatusCode.ShouldBeTrue();
        response.Headers.GetValues("x-sluice-attempts").Single().ShouldBe("2");
    }

    [Fact]
    public async Task KeyOfThePoolIsRefused_TheOtherOneIsUsedAndRemembered()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("pooled", "\"pool/gpt-4o-mini\"", null)));
        fixture.Simulator.Script("gpt-4o-mini", new Simulator.Fault { Status = 401 });

        using var first = await fixture.PostAsync("/v1/chat/completions", Ask("pooled", stream: false));
        using var second = await fixture.PostAsync("/v1/chat/completions", Ask("pooled", stream: false));

        first.IsSuccessStatusCode.ShouldBeTrue();
        second.IsSuccessStatusCode.ShouldBeTrue();
        fixture
            .Simulator.Requests.Select(r => r.Headers["authorization"])
            .ShouldBe(["Bearer secret-KEY_A", "Bearer secret-KEY_B", "Bearer secret-KEY_B"]);
    }

    [Fact]
    public async Task Pin_IsNeverSubstituted()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Simulator.Script(
            "gpt-4o-mini",
            new Simulator.Fault { Status = 529 },
            new Simulator.Fault { Status = 529 },
            new Simulator.Fault { Status = 529 }
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Ask("oai/gpt-4o-mini", stream: false));

        ((int)response.StatusCode).ShouldBe(503);
        response.Headers.GetValues("x-should-retry").Single().ShouldBe("false");
        fixture.Simulator.Requests.Count.ShouldBe(3);
    }

    internal static string Ask(string route, bool stream, string text = "hello") =>
        JsonSerializer.Serialize(
            new
            {
                model = route,
                stream,
                messages = new[] { new { role = "user", content = text } },
            }
        );
}
