using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Ledger;
using Sluice.Upstream;

namespace Sluice.Gateway.Tests;

/// <summary>A client leaves at every point of a call, also while just that arrives which the gateway waits for: the provider is always told.</summary>
public sealed class LeavingTests
{
    public enum Point
    {
        /// <summary>Nothing has come from the provider.</summary>
        BeforeHeaders,

        /// <summary>Its headers come all the same, after the client has left.</summary>
        HeadersAfterwards,

        /// <summary>Headers have come, content has not.</summary>
        BeforeContent,

        /// <summary>The first content comes all the same, after the client has left.</summary>
        ContentAfterwards,

        /// <summary>Some content has come, and reached the client where it streams.</summary>
        AfterContent,

        /// <summary>More of it comes all the same, after the client has left.</summary>
        MoreAfterwards,
    }

    /// <summary>What never comes is a failure then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TheoryData<Point, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<Point, bool, bool>();
            foreach (var point in Enum.GetValues<Point>())
            {
                foreach (var stream in (bool[])[true, false])
                {
                    cases.Add(point, stream, true);
                    cases.Add(point, stream, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Client_Leaves_ProviderIsToldAndTheCallIsBooked(Point point, bool stream, bool reset)
    {
        using var provider = new LateProvider(point, stream);
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", "\"oai/gpt-4o-mini\"", null)),
            change: options => options with { Engine = options.Engine with { Upstream = new UpstreamOptions { Handler = () => provider } } }
        );
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Address.Port, TestContext.Current.CancellationToken);
        var body = FailoverTests.Ask("r", stream);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /v1/chat/completions HTTP/1.1\r\nHost: {fixture.Gateway.Address.Authority}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                ),
                TestContext.Current.CancellationToken
            );
        await provider.Reached.WaitAsync(Longest, TestContext.Current.CancellationToken);

        client.LingerState = new LingerOption(reset, 0);
        client.Close();

        await provider.Released.WaitAsync(Longest, TestContext.Current.CancellationToken);
        var ledger = fixture.Gateway.Engine.Ledger;
        while (ledger.Store.List(1).Count == 0)
        {
            await Task.Yield();
            ledger.Writer.Drain();
        }

        ledger.OpenHolds.ShouldBe(0);
        ledger.Store.List(9).Single().Settlement.Outcome.ShouldBe(EntryOutcome.Aborted);
    }

    /// <summary>A provider that is silent at one point until its caller has left.</summary>
    private sealed class LateProvider(Point point, bool stream) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        /// <summary>The request was cancelled, or its answer let go.</summary>
        public Task Released => _released.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (point is Point.BeforeHeaders or Point.HeadersAfterwards)
            {
                await LeftAsync(cancellationToken);
                if (point == Point.BeforeHeaders)
                {
                    _released.TrySetResult();
                    throw new OperationCanceledException(cancellationToken);
                }
            }

            var content = new StreamContent(new LateStream(this));
            content.Headers.ContentType = new(stream ? "text/event-stream" : "application/json");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        }

        private async Task LeftAsync(CancellationToken cancellationToken)
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(left.SetResult);
            _reached.TrySetResult();
            await left.Task;
        }

        private sealed class LateStream(LateProvider provider) : MemoryStream
        {
            private static readonly byte[] Frame =
                """data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"hi"}}]}"""u8.ToArray();

            private int _reads;

            /// <summary>Its length is not known.</summary>
            public override bool CanSeek => false;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                var (at, comes) = provider.Place;
                if (_reads++ == at)
                {
                    await provider.LeftAsync(cancellationToken);
                }

                if (_reads != at + 1 || !comes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                byte[] piece = provider.Streams ? [.. Frame, .. "\n\n"u8] : "{\"id\":\"c\", "u8.ToArray();
                piece.CopyTo(buffer);
                return piece.Length;
            }

            protected override void Dispose(bool disposing)
            {
                provider._released.TrySetResult();
                base.Dispose(disposing);
            }
        }

        private bool Streams => stream;

        /// <summary>The read that waits, and whether it brings something all the same.</summary>
        private (int Read, bool Comes) Place =>
            point switch
            {
                Point.BeforeContent => (0, false),
                Point.ContentAfterwards => (0, true),
                Point.AfterContent => (1, false),
                Point.MoreAfterwards => (1, true),
                _ => (-1, false),
            };
    }
}
