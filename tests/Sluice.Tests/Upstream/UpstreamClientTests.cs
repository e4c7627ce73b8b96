using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Testing;
using Sluice.Tests.Wires;
using Sluice.Upstream;
using Sluice.Upstream.Aws;

namespace Sluice.Tests.Upstream;

public sealed class UpstreamClientTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [ChangesBehaviour("gateway.cacheTtl", "gateway.cacheKey", "gateway.skipCache")]
    public async Task Gateway_GetsItsHeadersAndTheVendorItsKey()
    {
        var sent = await SendAsync(
            """{ "preset": "openai", "accountId": "acct-123", "apiKey": "env:KEY", "gateway": { "id": "gw-abc", "token": "env:TOKEN", "cacheTtl": "300s", "cacheKey": "my-key", "skipCache": true } }"""
        );

        sent.RequestUri!.AbsoluteUri.ShouldBe("https://gateway.ai.cloudflare.com/v1/acct-123/gw-abc/openai/v1/chat/completions");
        sent.Headers.ToDictionary(h => h.Key, h => h.Value.Single())
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["Authorization"] = "Bearer value-of-KEY",
                    ["cf-aig-authorization"] = "Bearer value-of-TOKEN",
                    ["cf-aig-cache-ttl"] = "300",
                    ["cf-aig-cache-key"] = "my-key",
                    ["cf-aig-skip-cache"] = "true",
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task AddressOfItsOwn_GetsNoHeadersOfAGateway()
    {
        var sent = await SendAsync(
            """{ "preset": "openai", "baseUrl": "https://own.example/v1", "accountId": "a", "apiKey": "env:KEY", "gateway": { "id": "g", "token": "env:TOKEN" } }"""
        );

        sent.RequestUri!.AbsoluteUri.ShouldBe("https://own.example/v1/chat/completions");
        sent.Headers.Select(h => h.Key).ShouldBe(["Authorization"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "accountId": "a", "gateway": "g" """)]
    [ChangesBehaviour("provider.sessionToken")]
    public async Task Bedrock_IsSignedForAmazonWhateverTheWay(string gateway)
    {
        var sent = await SendAsync(
            $$"""{ "preset": "bedrock", "region": "us-west-2", "accessKeyId": "env:ID", "secretAccessKey": "env:SECRET", "sessionToken": "env:TOKEN" {{gateway}} }"""
        );

        sent.RequestUri!.Host.ShouldBe(gateway.Length == 0 ? "bedrock-runtime.us-west-2.amazonaws.com" : "gateway.ai.cloudflare.com");
        var stamp = AwsSignature.Stamp(_time.GetUtcNow());
        sent.Headers.GetValues("x-amz-date").Single().ShouldBe(stamp);
        sent.Headers.GetValues("x-amz-security-token").Single().ShouldBe("value-of-TOKEN");
        sent.Headers.GetValues("Authorization")
            .Single()
            .ShouldBe(
                AwsSignature.Authorization(
                    new AwsKeys("value-of-ID", "value-of-SECRET", "value-of-TOKEN"),
                    "us-west-2",
                    "bedrock",
                    "POST",
                    new Uri("https://bedrock-runtime.us-west-2.amazonaws.com/model/a.b%3A0/converse"),
                    new Dictionary<string, string>
                    {
                        ["content-type"] = "application/json",
                        ["host"] = "bedrock-runtime.us-west-2.amazonaws.com",
                        ["x-amz-date"] = stamp,
                        ["x-amz-security-token"] = "value-of-TOKEN",
                    },
                    "{}"u8
                )
            );
    }

    [Fact]
    public async Task Bedrock_WithAKeyOfItsOwn_IsNotSigned()
    {
        var sent = await SendAsync("""{ "preset": "bedrock", "apiKey": "env:KEY" }""");

        sent.Headers.Select(h => $"{h.Key}: {h.Value.Single()}").ShouldBe(["Authorization: Bearer value-of-KEY"]);
    }

    [Theory]
    [InlineData("", "https://bedrock-runtime.us-west-2.amazonaws.com")]
    [InlineData(
        """, "accountId": "a", "gateway": "g" """,
        "https://gateway.ai.cloudflare.com/v1/a/g/aws-bedrock/bedrock-runtime/us-west-2"
    )]
    public async Task WhatPassesToBedrock_IsSignedToo(string gateway, string way)
    {
        var provider = Provider(
            $$"""{ "preset": "bedrock", "region": "us-west-2", "accessKeyId": "env:ID", "secretAccessKey": "env:SECRET" {{gateway}} }"""
        );
        var handler = new Recorder();
        using var client = new UpstreamClient(new UpstreamOptions { Handler = () => handler }, _time);

        using var response = await client.PassAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{way}/guardrail/x/version/1/apply") { Content = new StringContent("{}") },
            provider,
            provider.Credentials.Single(),
            TestContext.Current.CancellationToken
        );

        handler
            .Sent!.Headers.GetValues("Authorization")
            .Single()
            .ShouldBe(
                AwsSignature.Authorization(
                    new AwsKeys("value-of-ID", "value-of-SECRET", null),
                    "us-west-2",
                    "bedrock",
                    "POST",
                    new Uri("https://bedrock-runtime.us-west-2.amazonaws.com/guardrail/x/version/1/apply"),
                    new Dictionary<string, string>
                    {
                        ["content-type"] = "text/plain; charset=utf-8",
                        ["host"] = "bedrock-runtime.us-west-2.amazonaws.com",
                        ["x-amz-date"] = AwsSignature.Stamp(_time.GetUtcNow()),
                    },
                    "{}"u8
                )
            );
    }

    private static Provider Provider(string section) =>
        new ConfigurationCompiler(name => name.Contains('_', StringComparison.Ordinal) ? null : $"value-of-{name}")
            .CompileText(
                $$"""{ "providers": { "p": {{section}} }, "routes": { "r": { "targets": [{ "provider": "p", "model": "a.b:0", "unlisted": true, "price": { "input": 1, "output": 1 } }] } } }""",
                ".",
                1
            )
            .Providers["p"];

    private async Task<HttpRequestMessage> SendAsync(string section)
    {
        var provider = Provider(section);
        var target = TestTargets.Of(WireKind.OpenAiChat, "a.b:0") with { Provider = provider };
        var handler = new Recorder();
        using var client = new UpstreamClient(new UpstreamOptions { Handler = () => handler }, _time);

        using var response = await client.SendAsync(
            target,
            provider.Credentials.Single(),
            "{}"u8.ToArray(),
            stream: false,
            [],
            TestContext.Current.CancellationToken
        );

        return handler.Sent!;
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public HttpRequestMessage? Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent = request;
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
