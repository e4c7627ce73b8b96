using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Gateway.Keys;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What a key may do, and that it makes no stronger one.</summary>
public sealed class KeyRulesTests : IDisposable
{
    private const string Body = """{"model":"chat","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""";

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("""{"routes":["chat"]}""", "chat", 200)]
    [InlineData("""{"routes":["chat"]}""", "", 200)]
    [InlineData("""{"routes":["cl*"]}""", "chat", 403)]
    [InlineData("""{"routes":["cl*"]}""", "claude", 200)]
    [InlineData("""{"pins":false}""", "oai/gpt-4o-mini", 403)]
    [InlineData("""{}""", "oai/gpt-4o-mini", 200)]
    [InlineData("""{"expires":"2020-01-01"}""", "chat", 401)]
    public async Task Key_CallsWhatItsRulesAllow(string rules, string model, int status)
    {
        var key = Create(rules);
        await using var fixture = await StartAsync();

        using var response = await SendAsync(
            fixture,
            key,
            Body.Replace("\"model\":\"chat\"", $"\"model\":\"{model}\"", StringComparison.Ordinal)
        );

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Key_WithRoutes_SeesOnlyThemAndPassesNothingThrough()
    {
        var key = Create("""{"routes":["chat"]}""");
        await using var fixture = await StartAsync();
        fixture.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        var models = JsonDocument.Parse(await fixture.Http.GetStringAsync("/v1/models", TestContext.Current.CancellationToken));
        using var passed = await fixture.Http.GetAsync("/p/oai/v1/files", TestContext.Current.CancellationToken);

        foreach (
            var (path, body) in (IEnumerable<(string, string?)>)
                [
                    ("/v1/models/claude", null),
                    ("/api/show", """{"model":"claude"}"""),
                    ("/v1/messages/count_tokens", """{"model":"claude","messages":[]}"""),
                ]
        )
        {
            using var hidden = body is null
                ? await fixture.Http.GetAsync(path, TestContext.Current.CancellationToken)
                : await fixture.PostAsync(path, body);
            hidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }

        models.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["chat"]);
        passed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task RequestsPerMinute_AreExactUnderConcurrencyAndTold()
    {
        var key = Create("""{"requestsPerMinute":5}""");
        await using var fixture = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SendAsync(fixture, key, Body)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.GetValues("x-ratelimit-limit-requests").Single().ShouldBe("5");
        refused.Headers.GetValues("x-ratelimit-remaining-requests").Single().ShouldBe("0");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(62));
        fixture.Simulator.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task RequestsPerMinute_HaveRoomAgainAfterAMinute()
    {
        var (key, time) = (Create("""{"requestsPerMinute":1}"""), new ManualTimeProvider());
        await using var fixture = await GatewayFixture.StartAsync(
            Routes,
            _data,
            options => options with { Engine = options.Engine with { Time = time } }
        );

        (await SendAsync(fixture, key, Body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(fixture, key, Body)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        time.Advance(TimeSpan.FromSeconds(62));
        (await SendAsync(fixture, key, Body)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Concurrent_IsReleasedOnEveryExit()
    {
        var key = Create("""{"concurrent":1}""");
        await using var fixture = await StartAsync();

        foreach (var model in (string[])["chat", "down", "chat", "cut", "chat"])
        {
            using var response = await SendAsync(
                fixture,
                key,
                Body.Replace("\"chat\",", $"\"{model}\",\"stream\":true,", StringComparison.Ordinal)
            );
            try
            {
                await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // The cut one.
            }

            response.StatusCode.ShouldBe(model == "down" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Budget_OfAKey_CountsForTheKeysItMade()
    {
        var maker = Create("""{"mints":true,"budgets":["0.0040 USD per month"]}""");
        await using var fixture = await StartAsync();
        var child = (await MintAsync(fixture, maker, """{"name":"child"}""")).GetProperty("key").GetString()!;
        const string big = """{"model":"paid","max_tokens":1000,"messages":[{"role":"user","content":"go"}]}""";

        (await SendAsync(fixture, child, big)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await SendAsync(fixture, maker, big);

        refused.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("0.004 USD per month of key key_");
    }

    [Theory]
    [InlineData("""{"mints":true,"account":"acme"}""", """{"account":"acme/search"}""", "")]
    [InlineData("""{"mints":true,"account":"acme"}""", """{"account":"acmeter"}""", "is not within 'acme'")]
    [InlineData("""{"mints":true,"account":"acme"}""", "{}", "is not within 'acme'")]
    [InlineData("""{"mints":true,"routes":["cl*"]}""", """{"routes":["claude"]}""", "")]
    [InlineData("""{"mints":true,"routes":["cl*"]}""", "{}", "routes go beyond")]
    [InlineData("""{"mints":true,"routes":["claude"]}""", """{"routes":["cl*"]}""", "routes go beyond")]
    [InlineData("""{"mints":true,"pins":false}""", "{}", "pins")]
    [InlineData("""{"mints":true,"expires":"2099-01-01"}""", "{}", "outlive")]
    [InlineData("""{"mints":true,"expires":"2099-01-01"}""", """{"expires":"2098-01-01"}""", "")]
    [InlineData("""{"mints":true,"requestsPerMinute":5}""", """{"requestsPerMinute":6}""", "limits")]
    [InlineData("""{"mints":true,"requestsPerMinute":5}""", """{"requestsPerMinute":5,"concurrent":1}""", "")]
    [InlineData("""{"mints":true}""", """{"roles":["architect"]}""", "speaking for a role")]
    [InlineData("""{"mints":true,"roles":["a*"]}""", """{"roles":["a*","b"]}""", "roles go beyond a*")]
    [InlineData("""{"mints":true,"roles":["a*"]}""", """{"roles":["architect"]}""", "")]
    [InlineData("""{"mints":true}""", """{"overrides":true}""", "overrides")]
    [InlineData("""{"mints":true,"overrides":true}""", """{"overrides":true}""", "")]
    [InlineData("{}", "{}", "making keys is not allowed")]
    public async Task Minted_IsNeverStronger(string maker, string rules, string problem)
    {
        var key = Create(maker);
        await using var fixture = await StartAsync();

        var made = await MintAsync(fixture, key, rules);

        if (problem.Length == 0)
        {
            (
                await SendAsync(fixture, made.GetProperty("key").GetString()!, Body.Replace("chat", "claude", StringComparison.Ordinal))
            ).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        else
        {
            made.GetProperty("error").GetString()!.ShouldContain(problem);
        }
    }

    /// <summary>Whatever rules: what is not beyond those of its maker is not beyond those of its maker's maker.</summary>
    [Fact]
    public void Strength_IsTransitive()
    {
        var random = new Random(5);
        var rules = Enumerable.Range(0, 300).Select(_ => Any(random)).ToList();
        var chains = 0;
        foreach (var top in rules)
        {
            foreach (var middle in rules.Where(m => !m.BeyondThoseOf(top).Any()))
            {
                foreach (var low in rules.Where(l => !l.BeyondThoseOf(middle).Any()))
                {
                    low.BeyondThoseOf(top).ShouldBeEmpty();
                    chains++;
                }
            }

            top.BeyondThoseOf(top).ShouldBeEmpty();
        }

        chains.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Revoked_TakesTheKeysItMadeWithIt()
    {
        var maker = Create("""{"mints":true}""");
        await using var fixture = await StartAsync();
        var made = await MintAsync(fixture, maker, "{}");
        var id = made.GetProperty("madeWith").GetString()!;

        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        var adminKey = await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key"), TestContext.Current.CancellationToken);
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
        using var revoked = await admin.DeleteAsync($"/admin/keys/{id}", TestContext.Current.CancellationToken);
        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await SendAsync(fixture, made.GetProperty("key").GetString()!, Body)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"tokens":5}""", "tokens: not known of a key")]
    [InlineData("""{"requestsPerMinute":0}""", "requestsPerMinute: 0 is not what a key can have there")]
    [InlineData("""{"account":"a b"}""", "write names of letters")]
    [InlineData("""{"budgets":["5 francs"]}""", "budgets:")]
    public void Rules_ThatAreNone_SayWhatIsWrong(string rules, string problem) =>
        Should.Throw<GatewayException>(() => KeyRules.Parse(rules)).Message.ShouldContain(problem);

    [Theory]
    [InlineData("x-sluice-tenant", "t1", 200)]
    [InlineData("x-sluice-tenant", "a tenant", 400)]
    [InlineData("x-sluice-tags", "nightly, eu, nightly", 200)]
    [InlineData("x-sluice-tags", "1,2,3,4,5,6,7,8,9,10,11", 400)]
    [InlineData("x-sluice-tags", "nightly,(other)", 400)]
    [InlineData("x-sluice-tenant", "(other)", 400)]
    public async Task WhatACallerSaysOfItself_ReachesTheLedger(string header, string value, int status)
    {
        await using var fixture = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Body.Replace("{\"model\"", "{\"user\":\"u1\",\"model\"", StringComparison.Ordinal)),
        };
        request.Headers.Add(header, value);

        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        if (status == 200)
        {
            fixture.Gateway.Engine.Ledger.Writer.Drain();
            var hold = fixture.Gateway.Engine.Ledger.Store.List(1).Single().Hold;
            (header == "x-sluice-tags" ? (hold.Tags, hold.User) : (hold.Tenant, hold.User)).ShouldBe(
                (header == "x-sluice-tags" ? "nightly,eu" : "t1", "u1")
            );
        }
    }

    private static string Routes =>
        GatewayFixture.Routes(
            ("chat", "\"oai/gpt-4o-mini\"", null),
            ("claude", "\"ant/claude-sonnet-4-6\"", null),
            ("paid", GatewayFixture.Sim("oai", "sim-tokens-1000"), null),
            ("down", GatewayFixture.Sim("oai", "sim-status-503"), null),
            ("cut", GatewayFixture.Sim("oai", "sim-tokens-20+cut-5"), null)
        );

    private Task<GatewayFixture> StartAsync() => GatewayFixture.StartAsync(Routes, _data);

    private string Create(string rules)
    {
        var (secret, key) = KeyRing.Create("test", KeyRules.Parse(rules), DateTimeOffset.UnixEpoch);
        new DataDirectory(_data.Path).Keys.Add(key);
        return secret;
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayFixture fixture, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> MintAsync(GatewayFixture fixture, string key, string rules)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sluice/keys") { Content = new StringContent(rules) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    private static KeyRules Any(Random random) =>
        new()
        {
            Account = random.Next(3) switch
            {
                0 => "",
                1 => "acme",
                _ => "acme/search",
            },
            Expires = random.Next(3) == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(random.Next(3)),
            Routes = random.Next(4) switch
            {
                0 => [],
                1 => ["cl*"],
                2 => ["claude"],
                _ => ["claude", "chat"],
            },
            Pins = random.Next(2) == 0,
            Mints = random.Next(2) == 0,
            Roles = random.Next(3) switch
            {
                0 => [],
                1 => ["arch*"],
                _ => ["architect"],
            },
            Overrides = random.Next(2) == 0,
            Limits = new Sluice.Ledger.RateLimits { RequestsPerMinute = random.Next(3) == 0 ? null : random.Next(1, 4) },
        };
}
