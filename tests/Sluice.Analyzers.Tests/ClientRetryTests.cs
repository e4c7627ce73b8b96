namespace Sluice.Analyzers.Tests;

/// <summary>Clients that are allowed, and behind the gateway: their own retries must be off.</summary>
public sealed class ClientRetryTests
{
    private const string Allowed = """{ "allow": [{ "paths": ["src"], "because": "the layer" }] }""";

    [Theory]
    [InlineData("""new OpenAI.OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:4180/v1") }""", 1)]
    [InlineData("""new OpenAI.OpenAIClientOptions { Endpoint = new Uri("https://gate.shop.example/v1") }""", 1)]
    [InlineData(
        """new OpenAI.OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:4180/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(3) }""",
        1
    )]
    [InlineData(
        """new OpenAI.OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:4180/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) }""",
        0
    )]
    [InlineData("""new OpenAI.OpenAIClientOptions { Endpoint = new Uri("https://elsewhere.example/v1") }""", 0)]
    [InlineData("""new Anthropic.AnthropicClient { BaseUrl = "http://localhost:4180" }""", 1)]
    [InlineData("""new Anthropic.AnthropicClient { BaseUrl = "http://localhost:4180", MaxRetries = 0 }""", 0)]
    [InlineData("""new Anthropic.AnthropicClient { BaseUrl = "http://localhost:4180", MaxRetries = 2 }""", 1)]
    public async Task Client_BehindTheGateway_LeavesItsRetriesOn_IsTold(string made, int expected)
    {
        var found = await Analysis.OfAsync(
            $"class A {{ object Make() => {made}; }}",
            boundary: Allowed,
            options: ("sluice_gateway_hosts", "gate.shop.example")
        );
        found.Count(f => f.Contains("SLUICE003", StringComparison.Ordinal)).ShouldBe(expected);
        found.Count.ShouldBe(expected);
    }
}
