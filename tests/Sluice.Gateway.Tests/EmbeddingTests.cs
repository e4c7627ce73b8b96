using System.ClientModel;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Embeddings;
using Sluice.Configuration;
using Sluice.Money;
using Sluice.Simulator;

namespace Sluice.Gateway.Tests;

public sealed class EmbeddingTests
{
    private const string Small = "\"oai/text-embedding-3-small\"";

    /// <summary>The same vectors under another name, and shorter ones of the same name.</summary>
    private const string Models = """
        ,"models": {
          "backup/vendor/te3s": { "price": { "input": "1", "output": "0" }, "embedding": { "identity": "text-embedding-3-small", "dimensions": 1536 } },
          "backup/vendor/short": { "price": { "input": "1", "output": "0" }, "embedding": { "identity": "text-embedding-3-small", "dimensions": 512 } }
        }
        """;

    [Fact]
    public async Task Sdk_GetsVectorsAndThePriceIsThatOfItsTokens()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("embed", Small, null)));
        var client = new EmbeddingClient(
            "embed",
            new ApiKeyCredential("none"),
            new OpenAIClientOptions { Endpoint = new Uri(fixture.Gateway.Address, "/v1") }
        );

        var answer = await client.GenerateEmbeddingsAsync(["one two", "three"], cancellationToken: TestContext.Current.CancellationToken);

        answer.Value.Count.ShouldBe(2);
        answer.Value[0].ToFloats().Length.ShouldBe(8);
        answer.Value.Usage.InputTokenCount.ShouldBe(3);
        answer.GetRawResponse().Headers.TryGetValue("x-sluice-cost", out var cost).ShouldBeTrue();
        cost.ShouldBe(new Credits(60).ToString());
        fixture.Simulator.Requests.Single().Path.ShouldBe("/v1/embeddings");
        fixture.Simulator.Requests.Single().Json.GetProperty("model").GetString().ShouldBe("text-embedding-3-small");
    }

    [Fact]
    public async Task Body_PassesByteForByteButForTheModel()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("embed", Small, null)));

        using var response = await fixture.PostAsync(
            "/v1/embeddings",
            """{ "input": [1, 2],  "model":"embed", "user":"u", "future": {"a": 1.0} }"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        System
            .Text.Encoding.UTF8.GetString(fixture.Simulator.Requests.Single().Body.Span)
            .ShouldBe("""{ "input": [1, 2],  "model":"text-embedding-3-small", "user":"u", "future": {"a": 1.0} }""");
    }

    [Theory]
    [InlineData("\"backup/text-embedding-3-small\"", true)]
    [InlineData("\"backup/vendor/te3s\"", true)]
    [InlineData("\"backup/vendor/short\"", false)]
    [InlineData("\"backup/text-embedding-3-large\"", false)]
    [InlineData("\"backup/gpt-4o-mini\"", false)]
    [ChangesBehaviour("model.embedding", "embedding.identity", "embedding.dimensions")]
    public async Task Failover_GoesOnlyWhereTheVectorsAreTheSame(string second, bool goes)
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("embed", Small + "," + second, null)) + Models);
        fixture.Simulator.Script("text-embedding-3-small", [.. Enumerable.Repeat(Fault.OfModel("sim-status-503"), 3)]);

        using var response = await fixture.PostAsync("/v1/embeddings", """{"model":"embed","input":"hello"}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(goes ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, text);
        if (goes)
        {
            response.Headers.GetValues("x-sluice-target").Single().ShouldBe(second.Trim('"'));
        }
        else
        {
            text.ShouldContain("'text-embedding-3-small' (1536 dimensions)");
            fixture.Simulator.Requests.Select(r => r.Model).Distinct().ShouldBe(["text-embedding-3-small"]);
        }
    }

    [Fact]
    public async Task FallbackRoute_OfAnotherModel_IsRefusedTheSame()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("embed", Small, "spare"), ("spare", "\"free/nomic-embed-text\"", null))
        );
        fixture.Simulator.Script("text-embedding-3-small", [.. Enumerable.Repeat(Fault.OfModel("sim-status-500"), 3)]);

        using var response = await fixture.PostAsync("/v1/embeddings", """{"model":"embed","input":"hello"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("rejections")[0].GetProperty("gate").GetString().ShouldBe("embedding");
        receipt.GetProperty("cost").GetDecimal().ShouldBe(0);
    }

    [Fact]
    public async Task AnotherKeyOfThePool_IsTried()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("embed", "\"pool/text-embedding-3-small\"", null))
        );
        fixture.Simulator.Script("text-embedding-3-small", Fault.OfModel("sim-status-401"));

        using var response = await fixture.PostAsync("/v1/embeddings", """{"model":"embed","input":"hello"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-attempts").Single().ShouldBe("2");
    }

    [Theory]
    [InlineData("""{"model":"claude","input":"hello"}""", 400, "serves no embeddings")]
    [InlineData("""{"model":"embed"}""", 400, "input is missing")]
    [InlineData("""{"model":"embedd","input":"hello"}""", 404, "embed")]
    public async Task Wrong_IsToldInOpenAisShape(string body, int status, string words)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("embed", Small, null), ("claude", "\"ant/claude-sonnet-4-6\"", null))
        );

        using var response = await fixture.PostAsync("/v1/embeddings", body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status, text);
        JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(words);
        fixture.Simulator.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Budget_HoldsEveryInputAndRefusesWhatDoesNotFit()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("embed", Small, null)) + ",\"budgets\": [{ \"name\": \"tiny\", \"limit\": \"0.0002\" }]"
        );
        var texts = string.Join(",", Enumerable.Repeat($"\"{new string('x', 1000)}\"", 20));

        using var small = await fixture.PostAsync("/v1/embeddings", """{"model":"embed","input":"hello"}""");
        using var large = await fixture.PostAsync("/v1/embeddings", $$"""{"model":"embed","input":[{{texts}}]}""");

        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        large.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task OllamasClients_GetTheirOwnShape()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("embed", "\"free/nomic-embed-text\"", null)));

        using var response = await fixture.PostAsync("/api/embed", """{"model":"embed","input":["a b","c"],"keep_alive":"5m"}""");
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        using var wrong = await fixture.PostAsync("/api/embed", """{"model":"nope","input":"a"}""");
        var error = JsonDocument.Parse(await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        answer.GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        answer.GetProperty("embeddings")[0].GetArrayLength().ShouldBe(8);
        answer.GetProperty("prompt_eval_count").GetInt32().ShouldBe(3);
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("keep_alive");
        error.GetProperty("error").GetString()!.ShouldContain("nope");
    }

    [Fact]
    public async Task Library_GeneratesByRoute()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var text = $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
              "routes": { "embed": { "targets": ["oai/text-embedding-3-small"] } }
            }
            """;
        var services = new ServiceCollection();
        services.AddSluice(new LiveConfiguration(revision => compiler.CompileText(text, "/", revision)), new EngineOptions());
        await using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("embed");

        var vectors = await generator.GenerateAsync(
            ["one two", "three"],
            new Microsoft.Extensions.AI.EmbeddingGenerationOptions { Dimensions = 4 },
            TestContext.Current.CancellationToken
        );

        vectors.Count.ShouldBe(2);
        vectors[0].Vector.Length.ShouldBe(4);
        vectors.Usage!.InputTokenCount.ShouldBe(3);
        vectors.GetReceipt()!.Target.ShouldBe("oai/text-embedding-3-small");
    }
}
