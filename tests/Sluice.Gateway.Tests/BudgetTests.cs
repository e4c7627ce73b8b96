using System.Net;

namespace Sluice.Gateway.Tests;

public sealed class BudgetTests
{
    /// <summary>A call of this test holds at most 1024 + body bytes in and 1,000 tokens out, at 1 and 2 dollars a million: 0.0032 dollars.</summary>
    private const string Budget = "\"budgets\": [{ \"name\": \"tight\", \"limit\": \"0.0640\", \"per\": \"total\" }]";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoHundredCallsOnABudgetForTwenty_NeverOverspend(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", GatewayFixture.Sim("oai", "sim-tokens-1000"), null)) + "," + Budget
        );
        var body =
            $$"""{"model":"paid","stream":{{(stream ? "true" : "false")}},"max_tokens":1000,"messages":[{"role":"user","content":"go"}]}""";

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async _ =>
                {
                    using var response = await fixture.PostAsync("/v1/chat/completions", body);
                    await response.Content.ReadAsByteArrayAsync();
                    return response.StatusCode;
                })
        );

        answers.Distinct().ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.PaymentRequired]);
        answers.ShouldContain(HttpStatusCode.PaymentRequired);
        var ledger = fixture.Gateway.Engine.Ledger;
        var status = ledger.Status().Single();
        status.Held.Value.ShouldBe(0);
        status.Spent.Value.ShouldBeLessThanOrEqualTo(status.Budget.Limit.Value);
        ledger.Writer.Drain();
        ledger.Store.List(100_000).Sum(e => e.Settlement.Cost.Nano).ShouldBe(status.Spent.Value);
        answers.Count(a => a == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(19);
    }

    [Fact]
    public async Task ThousandCallsOnABudgetForAHundred_StreamsLeftAtRandom_NeverOverspend()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", GatewayFixture.Sim("oai", "sim-tokens-40"), null))
                + ",\"budgets\": [{ \"name\": \"hundred\", \"limit\": \"0.32\", \"per\": \"total\" }]"
        );
        var ledger = fixture.Gateway.Engine.Ledger;
        var random = new Random(11);
        var plans = Enumerable.Range(0, 1000).Select(_ => (Stream: random.Next(4) > 0, Reads: random.Next(3), Leaves: random.Next(2) == 0));
        var most = 0;

        var statuses = await Task.WhenAll(
            plans.Select(async plan =>
            {
                using var away = new CancellationTokenSource();
                try
                {
                    using var response = await fixture.PostAsync("/v1/chat/completions", Asking("paid", 1000, plan.Stream), away.Token);
                    Interlocked.Exchange(ref most, Math.Max(most, ledger.OpenHolds));
                    await using var body = await response.Content.ReadAsStreamAsync(away.Token);
                    var bytes = new byte[256];
                    for (var i = 0; plan.Leaves && i < plan.Reads && await body.ReadAsync(bytes, away.Token) > 0; i++) { }

                    if (plan.Leaves)
                    {
                        return response.StatusCode;
                    }

                    await body.CopyToAsync(Stream.Null, away.Token);
                    return response.StatusCode;
                }
                catch (HttpRequestException)
                {
                    return HttpStatusCode.BadGateway;
                }
            })
        );

        var status = await SettledAsync(ledger);
        statuses.Distinct().ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.PaymentRequired]);
        most.ShouldBeLessThanOrEqualTo(102);
        status.Spent.Value.ShouldBeLessThanOrEqualTo(status.Budget.Limit.Value);
        ledger.Writer.Drain();
        ledger.Store.List(2000).Sum(e => e.Settlement.Cost.Nano).ShouldBe(status.Spent.Value);
    }

    /// <summary>The budget when every call that was left has been booked.</summary>
    private static async Task<Sluice.Ledger.BudgetStatus> SettledAsync(Sluice.Ledger.LedgerBook ledger)
    {
        while (ledger.OpenHolds > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return ledger.Status().Single();
    }

    [Fact]
    [ChangesBehaviour("budget.name")]
    public async Task Refusal_NamesTheBudgetInTheProtocolsShape()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", "\"ant/claude-sonnet-4-6\"", null))
                + ",\"budgets\": [{ \"name\": \"tiny\", \"limit\": \"0.0001 USD\" }]"
        );

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"paid","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"""
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        text.ShouldContain("billing_error");
        text.ShouldContain("tiny");
        fixture.Simulator.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\"max_completion_tokens\":77,", false)]
    public async Task OutputLimit_IsSetByTheRouteWhereTheCallerGaveNone(string limit, bool set)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"chat",{{limit}}"messages":[{"role":"user","content":"hi"}]}"""
        );

        fixture.Simulator.Requests.Single().Json.GetProperty("max_completion_tokens").GetInt32().ShouldBe(set ? 16_384 : 77);
        (await fixture.ReceiptAsync(response)).TryGetProperty("outputLimitSet", out _).ShouldBe(set);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"max_tokens\":10,")]
    [InlineData("\"max_tokens\":-1000000000,\"n\":1,")]
    [ChangesBehaviour("target.parameters")]
    public async Task FixedLimitAndChoices_AreWhatIsHeldFor(string caller)
    {
        const string target = """
            { "provider": "oai", "model": "sim", "unlisted": true, "price": { "input": "0", "output": "2" }, "parameters": { "max_tokens": 50000, "n": 3 } }
            """;
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("fixed", target, null)));

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"fixed",{{caller}}"messages":[{"role":"user","content":"hi"}]}"""
        );

        fixture.Simulator.Requests.Single().Json.GetProperty("max_completion_tokens").GetInt32().ShouldBe(50_000);
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("attempts")[0].GetProperty("hold").GetDecimal().ShouldBe(3 * 50_000 * 2m / 1_000_000);
        receipt.GetProperty("outputLimitSet").GetInt32().ShouldBe(50_000);
    }

    [Theory]
    [InlineData("\"max_tokens\":5000,\"n\":2", 200, 10_000)]
    [InlineData("\"max_completion_tokens\":5000", 200, 5_000)]
    [InlineData("\"model\":\"dearer\"", 400, 0)]
    [InlineData("\"stream\":true", 400, 0)]
    public async Task ProviderOptions_AreHeldForAndChooseNoModel(string options, int status, int tokens)
    {
        const string target = """
            { "provider": "oai", "model": "sim", "unlisted": true, "price": { "input": "0", "output": "2" } }
            """;
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("optional", target, null)));

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$$"""{"model":"optional","max_tokens":10,"providerOptions":{"openai":{ {{{options}}} }},"messages":[{"role":"user","content":"hi"}]}"""
        );

        ((int)response.StatusCode).ShouldBe(status);
        if (tokens > 0)
        {
            (await fixture.ReceiptAsync(response))
                .GetProperty("attempts")[0]
                .GetProperty("hold")
                .GetDecimal()
                .ShouldBe(tokens * 2m / 1_000_000);
        }
    }

    [Fact]
    public async Task CheaperTargetThatFits_IsTakenInstead()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", "\"ant/claude-sonnet-4-6\"", "spare"), ("spare", "\"free/small\"", null))
                + ",\"budgets\": [{ \"name\": \"tiny\", \"limit\": \"0.0001 USD\" }]"
        );

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"paid","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("free/small");
    }

    [Fact]
    public async Task Refusal_SaysWhatIsLeftAndWhenItResets()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("paid", GatewayFixture.Sim("oai", "sim-tokens-100"), null))
                + ",\"budgets\": [{ \"name\": \"day\", \"limit\": \"0.001 USD\", \"per\": \"day\" }]"
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Asking("paid", 1000));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        text.ShouldContain("budget 'day' of 0.001 USD has 0.001 USD left and the call may need 0.003");
        text.ShouldContain("it resets at ");
    }

    /// <summary>The next cheaper one, not the cheapest; that one answers when nothing is left.</summary>
    [Fact]
    [ChangesBehaviour("budget.mode", "budget.downshiftAt")]
    public async Task Downshift_TakesTheNextCheaperTargetFromItsThresholdOn()
    {
        const string cheap =
            """{ "provider": "oai", "model": "sim-tokens-999", "unlisted": true, "price": { "input": "0.6", "output": "1.2" } }""";
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("paid", GatewayFixture.Sim("oai", "sim-tokens-1000") + "," + cheap, "own"),
                ("own", "\"free/llama\"", null)
            )
                + ",\"budgets\": [{ \"name\": \"d\", \"limit\": \"0.005\", \"per\": \"total\", \"mode\": \"downshift\", \"downshiftAt\": 0.3 }]"
        );

        var targets = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await fixture.PostAsync("/v1/chat/completions", Asking("paid", 1000));
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            targets.Add(response.Headers.GetValues("x-sluice-target").Single());
        }

        targets.ShouldBe(["oai/sim-tokens-1000", "oai/sim-tokens-999", "free/llama", "free/llama", "free/llama"]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.PaymentRequired)]
    [InlineData(", \"onShort\": [\"clamp\", \"refuse\"]", HttpStatusCode.OK)]
    [ChangesBehaviour("route.onShort")]
    public async Task OutputLimit_IsLoweredOnlyWhereTheRouteSaysSo(string policy, HttpStatusCode expected)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "paid": { "default": true, "targets": [{{GatewayFixture.Sim("oai", "sim")}}]{{policy}} } },
            "budgets": [{ "name": "tight", "limit": "0.0024", "per": "total" }]
            """
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Asking("paid", 1000));

        response.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.OK)
        {
            var sent = fixture.Simulator.Requests.Single().Json.GetProperty("max_completion_tokens").GetInt32();
            sent.ShouldBeInRange(256, 999);
            response.Headers.GetValues("x-sluice-degraded").Single().ShouldContain("max_tokens");
            (await fixture.ReceiptAsync(response)).GetProperty("outputLimitSet").GetInt32().ShouldBe(sent);
        }
    }

    [Fact]
    [ChangesBehaviour("route.budgetWait")]
    public async Task BudgetWait_LetsACallWaitForThoseUnderWay()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "paid": { "default": true, "targets": [{{GatewayFixture.Sim("oai", "sim-tokens-100")}}], "budgetWait": "30s" } },
            "budgets": [{ "name": "one", "limit": "0.0040", "per": "total" }]
            """
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => fixture.PostAsync("/v1/chat/completions", Asking("paid", 1000)))
        );

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(2);
        fixture.Gateway.Engine.Ledger.Status().Single().Spent.Number.ShouldBeLessThanOrEqualTo(0.0040m);
    }

    private static string Asking(string model, int limit, bool stream = false) =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":{{limit}},"messages":[{"role":"user","content":"go"}]}""";
}
