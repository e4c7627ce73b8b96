using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Configuration;
using Sluice.Upstream;

namespace Sluice.Bench;

/// <summary>What the library adds to a call: the same canned answer through a bare HTTP client and through a route.</summary>
[MemoryDiagnoser]
public class LibraryOverhead
{
    private const string Answer =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""";

    private static readonly byte[] Request = Encoding.UTF8.GetBytes("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");

    private readonly ChatMessage[] _messages = [new(ChatRole.User, "hi")];
    private HttpMessageInvoker _bare = null!;
    private IChatClient _client = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _bare = new HttpMessageInvoker(new Canned());
        var text =
            """{ "providers": { "local": { "preset": "ollama-openai", "baseUrl": "http://127.0.0.1:1" } }, "routes": { "r": { "targets": ["local/m"] } } }""";
        var compiler = new ConfigurationCompiler(_ => null);
        var services = new ServiceCollection();
        services.AddSluice(
            new LiveConfiguration(revision => compiler.CompileText(text, ".", revision)),
            new EngineOptions { Upstream = new UpstreamOptions { Handler = () => new Canned() } }
        );
        _client = services.BuildServiceProvider().GetRequiredService<IChatClient>();
    }

    [Benchmark(Baseline = true)]
    public async Task<int> Bare()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1/") { Content = new ByteArrayContent(Request) };
        using var response = await _bare.SendAsync(request, CancellationToken.None);
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    [Benchmark]
    public async Task<string> Route() => (await _client.GetResponseAsync(_messages)).Text;

    private sealed class Canned : HttpMessageHandler
    {
        private static readonly byte[] Body = Encoding.UTF8.GetBytes(Answer);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(Body);
            content.Headers.ContentType = new("application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
