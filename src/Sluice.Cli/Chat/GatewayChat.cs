using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Chat;

/// <summary>Asks through a gateway that runs, as any of its callers would.</summary>
internal static class GatewayChat
{
    public static async Task<int> AskAsync(
        Uri gateway,
        string? key,
        ChatQuestion question,
        ChatScreen screen,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        try
        {
            using var response = await SendAsync(http, question, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new UserException($"the gateway on {gateway} asks for a key; give one with --key or in SLUICE_API_KEY");
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                if (!response.IsSuccessStatusCode)
                {
                    using var error = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
                    return ChatScreen.Fail(error.RootElement.GetProperty("error").GetProperty("message").GetString()!);
                }

                if (await ShowAsync(body, screen, cancellationToken).ConfigureAwait(false) is { } cut)
                {
                    return ChatScreen.Cut(cut);
                }
            }

            var call = response.Headers.GetValues("x-sluice-call").Single();
            return screen.Close(
                await http.GetFromJsonAsync<JsonElement>($"v1/sluice/calls/{call}", cancellationToken).ConfigureAwait(false)
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new UserException($"the gateway on {gateway}: {exception.Message}");
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, ChatQuestion question, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = question.Route,
            ["stream"] = true,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question.Text }),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(body) };
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <returns>Why the answer was cut; <see langword="null"/> when it is whole.</returns>
    private static async Task<string?> ShowAsync(Stream body, ChatScreen screen, CancellationToken cancellationToken)
    {
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Data == "[DONE]")
            {
                break;
            }

            var frame = JsonElement.Parse(item.Data);
            if (frame.TryGetProperty("error", out var error))
            {
                return error.GetProperty("message").GetString();
            }

            foreach (var choice in frame.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var text) && text.GetString() is { } said)
                {
                    screen.Write(said);
                }
            }
        }

        return null;
    }
}
