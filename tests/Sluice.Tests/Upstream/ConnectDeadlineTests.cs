using System.Net;
using System.Net.Sockets;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Upstream;

namespace Sluice.Tests.Upstream;

/// <summary>The deadline for connecting, on real sockets: it covers the handshake, too.</summary>
public sealed class ConnectDeadlineTests
{
    [Fact]
    public async Task Handshake_ThatNobodyAnswers_EndsAtTheDeadlineOfTheRoute()
    {
        // It takes connections and never says a word: a handshake that waits.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var provider = new ConfigurationCompiler(_ => "key")
            .CompileText(
                $$"""{ "providers": { "p": { "preset": "openai", "baseUrl": "https://127.0.0.1:{{port}}/v1", "apiKey": "env:K" } } }""",
                "/",
                1
            )
            .Providers["p"];
        using var client = new UpstreamClient(new UpstreamOptions { Connect = TimeSpan.FromHours(1) }, TimeProvider.System);
        var target = new Target
        {
            Provider = provider,
            Model = "m",
            Card = Sluice.Catalog.ModelCard.OfLocal("openai", "m"),
        };

        var sending = client.SendAsync(
            target,
            provider.Credentials[0],
            "{}"u8.ToArray(),
            stream: false,
            [],
            TestContext.Current.CancellationToken,
            connect: TimeSpan.FromMilliseconds(50)
        );

        var failure = await Record.ExceptionAsync(() => sending);

        failure.ShouldBeOfType<TaskCanceledException>().InnerException.ShouldBeOfType<TimeoutException>();
    }
}
