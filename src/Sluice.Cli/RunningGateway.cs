using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Configuration.Revisions;
using Sluice.Storage;

namespace Sluice.Cli;

/// <summary>The gateway that runs on a data directory, asked as its operator.</summary>
internal static class RunningGateway
{
    /// <summary>What came of a reload: the revision in force, or why it was refused.</summary>
    internal sealed record Answer(long? Revision, string? Errors);

    /// <summary>What it answers at a path.</summary>
    /// <exception cref="UserException">No gateway says that it is the one, or it does not answer.</exception>
    public static async Task<JsonArray> AskAsync(DataDirectory data, string path, CancellationToken cancellationToken)
    {
        using var http =
            await OpenAsync(data, cancellationToken).ConfigureAwait(false)
            ?? throw new UserException($"{data.Path} is in use, and no gateway says that it is the one; stop what uses it, or ask again");
        try
        {
            var answer = await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return JsonNode.Parse(answer)!.AsArray();
        }
        catch (HttpRequestException exception)
        {
            throw new UserException($"the gateway on {http.BaseAddress} does not answer: {exception.Message}");
        }
    }

    /// <summary>Where it would send a call; <see langword="null"/> where none runs.</summary>
    /// <exception cref="UserException">It does not understand the question.</exception>
    public static async Task<JsonObject?> ExplainAsync(DataDirectory data, JsonObject question, CancellationToken cancellationToken)
    {
        var (status, answer) = await PostAsync(data, "/admin/explain", question, who: null, cancellationToken).ConfigureAwait(false);
        return status is null or HttpStatusCode.OK ? answer : throw new UserException(answer!["error"]!.GetValue<string>());
    }

    /// <summary>Lets it read its configuration again; <see langword="null"/> where none runs.</summary>
    public static async Task<Answer?> ReloadAsync(DataDirectory data, ReloadCause cause, CancellationToken cancellationToken)
    {
        var because = new JsonObject { ["because"] = cause.Because };
        var (status, json) = await PostAsync(data, "/admin/reload", because, cause.Who, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            null => null,
            HttpStatusCode.OK => new Answer(json!["revision"]!.GetValue<long>(), null),
            HttpStatusCode.UnprocessableEntity => new Answer(
                null,
                string.Join(Environment.NewLine, json!["errors"]!.AsArray().Select(e => e!.GetValue<string>()))
            ),
            _ => throw new UserException($"the gateway on {data.Admin} answered {(int)status}: {json?["error"]}"),
        };
    }

    /// <returns>No status where none runs: one that was killed leaves its address behind.</returns>
    private static async Task<(HttpStatusCode? Status, JsonObject? Answer)> PostAsync(
        DataDirectory data,
        string path,
        JsonObject question,
        string? who,
        CancellationToken cancellationToken
    )
    {
        using var http = await OpenAsync(data, cancellationToken).ConfigureAwait(false);
        if (http is null)
        {
            return (null, null);
        }

        if (who is not null)
        {
            http.DefaultRequestHeaders.Add("x-sluice-actor", Uri.EscapeDataString(who));
        }

        try
        {
            using var body = JsonContent.Create(question);
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return (answer.StatusCode, JsonNode.Parse(text)!.AsObject());
        }
        catch (HttpRequestException)
        {
            return (null, null);
        }
    }

    /// <summary>A client with the operator's key; <see langword="null"/> where no gateway says that it is the one.</summary>
    private static async Task<HttpClient?> OpenAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (data.Admin is not { } admin || !File.Exists(data.AdminKey))
        {
            return null;
        }

        var key = await File.ReadAllTextAsync(data.AdminKey, cancellationToken).ConfigureAwait(false);
        var http = new HttpClient { BaseAddress = admin };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        return http;
    }
}
