using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Bench;

/// <summary>A provider that costs next to nothing: one prebuilt answer, whole or in 24 frames, each flushed.</summary>
internal static class MockUpstream
{
    private const int Frames = 24;

    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"A gate is a place where what flows is let through, held back or led elsewhere; the one who keeps it knows what has passed.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":30,"total_tokens":50,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}}"""
    );

    private static readonly byte[][] Stream =
    [
        .. Enumerable
            .Range(0, Frames)
            .Select(i => Frame($$"""{"index":0,"delta":{"content":" word{{i}}"},"logprobs":null,"finish_reason":null}""", "")),
        Frame("""{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}""", ""),
        Frame("", ""","usage":{"prompt_tokens":20,"completion_tokens":24,"total_tokens":44}"""),
        Encoding.UTF8.GetBytes("data: [DONE]\n\n"),
    ];

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var body = new byte[4096];
        var (length, read) = (0, 0);
        while ((read = await http.Request.Body.ReadAsync(body.AsMemory(length))) > 0)
        {
            length += read;
        }

        if (body.AsSpan(0, length).IndexOf("\"stream\":true"u8) < 0)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Whole.Length;
            await http.Response.Body.WriteAsync(Whole);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        foreach (var frame in Stream)
        {
            await http.Response.Body.WriteAsync(frame);
            await http.Response.Body.FlushAsync();
        }
    }

    private static byte[] Frame(string choice, string rest) =>
        Encoding.UTF8.GetBytes(
            $"data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"gpt-4o-mini\",\"choices\":[{choice}]{rest}}}\n\n"
        );
}
