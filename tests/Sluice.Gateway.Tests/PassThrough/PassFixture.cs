using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.PassThrough;

/// <summary>A real gateway before a provider on loopback that does what a test says.</summary>
internal sealed class PassFixture : IAsyncDisposable
{
    private readonly WebApplication _upstream;
    private readonly TempDirectory _data;
    private readonly bool _ownsData;

    private PassFixture(GatewayHost gateway, WebApplication upstream, TempDirectory data, bool ownsData)
    {
        Gateway = gateway;
        _upstream = upstream;
        _data = data;
        _ownsData = ownsData;
        Http = new HttpClient { BaseAddress = gateway.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public GatewayHost Gateway { get; }

    public HttpClient Http { get; }

    /// <summary>What the provider was asked, each with its headers.</summary>
    public ConcurrentQueue<(string Request, Dictionary<string, string> Headers)> Asked { get; private init; } = [];

    /// <param name="answer">The provider; without one it makes a file of every POST and finds every other thing.</param>
    /// <param name="prices">What <c>passThrough</c> holds.</param>
    /// <param name="rest">What stands beside providers and routes.</param>
    public static async Task<PassFixture> StartAsync(
        RequestDelegate? answer = null,
        string prices = """{ "*": { "price": "0.04" } }""",
        string rest = "",
        TempDirectory? data = null,
        TimeProvider? time = null
    )
    {
        var asked = new ConcurrentQueue<(string, Dictionary<string, string>)>();
        var upstream = await StartUpstreamAsync(answer ?? Files(), asked);
        var text = $$"""
            {
              "providers": {
                "oai": { "preset": "openai", "baseUrl": "{{upstream.Urls.First()}}/v1", "apiKey": "env:KEY", "passThrough": {{prices}} },
                "ant": { "preset": "anthropic", "baseUrl": "{{upstream.Urls.First()}}", "apiKey": "env:KEY" },
                "aws": {
                  "preset": "bedrock", "baseUrl": "{{upstream.Urls.First()}}", "region": "eu-west-1",
                  "accessKeyId": "env:KEY", "secretAccessKey": "env:KEY", "passThrough": {{prices}}
                }
              },
              "routes": { "chat": { "targets": ["oai/gpt-4o-mini"] } }{{rest}}
            }
            """;
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var directory = data ?? new TempDirectory();
        var gateway = await GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileText(text, directory.Path, revision),
                Data = directory.Path,
                Port = 0,
                Log = false,
                Engine = new EngineOptions { Time = time ?? TimeProvider.System },
            }
        );
        return new PassFixture(gateway, upstream, directory, data is null) { Asked = asked };
    }

    /// <summary>Makes <c>file-0000000001x</c> and so on; whatever is asked by its id exists.</summary>
    private static RequestDelegate Files()
    {
        var count = 0;
        return async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(
                HttpMethods.IsPost(http.Request.Method)
                    ? $$"""{ "object": "file", "id": "file-{{Interlocked.Increment(ref count):D10}}x" }"""
                    : """{ "object": "file", "id": "whatever-was-asked", "output_file_id": "file-OutputOfBatch1" }"""
            );
        };
    }

    private static async Task<WebApplication> StartUpstreamAsync(
        RequestDelegate answer,
        ConcurrentQueue<(string, Dictionary<string, string>)> asked
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        app.Run(http =>
        {
            var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
            asked.Enqueue(($"{http.Request.Method} {http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}", headers));
            return answer(http);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>Makes a key of the gateway.</summary>
    public async Task<string> KeyAsync(string name)
    {
        using var admin = new HttpClient { BaseAddress = Gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add("x-api-key", await File.ReadAllTextAsync(Path.Combine(_data.Path, "admin.key")));
        using var created = await admin.PostAsync($"/admin/keys?name={name}", null);
        return JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement.GetProperty("key").GetString()!;
    }

    public Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        HttpContent? body = null,
        string? key = null,
        CancellationToken cancellationToken = default
    )
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends a request line as it is, which no HTTP client would.</summary>
    /// <returns>The status.</returns>
    public async Task<int> RawAsync(string target, string headers = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{Gateway.Address.Port}\r\nConnection: close\r\n{headers}\r\n"
            )
        );
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<JsonElement> ReceiptAsync(HttpResponseMessage response) =>
        JsonDocument
            .Parse(await Http.GetStringAsync($"/v1/sluice/calls/{response.Headers.GetValues("x-sluice-call").Single()}"))
            .RootElement;

    /// <summary>Every entry, oldest first, once no call is under way.</summary>
    public async Task<List<LedgerEntry>> EntriesAsync(int count)
    {
        var ledger = Gateway.Engine.Ledger;
        while (true)
        {
            ledger.Writer.Drain();
            var entries = ledger.Store.List(100).Reverse().ToList();
            if (entries.Count >= count)
            {
                return entries;
            }

            await Task.Yield();
        }
    }

    /// <summary>Ends the provider: connections to it are refused from now on.</summary>
    public ValueTask StopUpstreamAsync() => _upstream.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        if (_ownsData)
        {
            _data.Dispose();
        }
    }
}
