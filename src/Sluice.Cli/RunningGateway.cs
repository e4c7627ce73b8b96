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
        if (data.Admin is not { } admin)
        {
            throw new UserException($"{data.Path} is in use, and no gateway says that it is the one; stop what uses it, or ask again");
        }

        using var http = new HttpClient { BaseAddress = admin };
        var key = await File.ReadAllTextAsync(data.AdminKey, cancellationToken).ConfigureAwait(false);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        try
        {
            var answer = await http.GetStringAsync(new Uri(admin, path), cancellationToken).ConfigureAwait(false);
            return JsonNode.Parse(answer)!.AsArray();
        }
        catch (HttpRequestException exception)
        {
            throw new UserException($"the gateway on {admin} does not answer: {exception.Message}");
        }
    }

    /// <summary>Lets it read its configuration again; <see langword="null"/> where none runs.</summary>
    public static async Task<Answer?> ReloadAsync(DataDirectory data, ReloadCause cause, CancellationToken cancellationToken)
    {
        if (data.Admin is not { } admin || !File.Exists(data.AdminKey))
        {
            return null;
        }

        using var http = new HttpClient { BaseAddress = admin };
        var key = await File.ReadAllTextAsync(data.AdminKey, cancellationToken).ConfigureAwait(false);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        http.DefaultRequestHeaders.Add("x-sluice-actor", Uri.EscapeDataString(cause.Who));
        try
        {
            using var body = JsonContent.Create(new JsonObject { ["because"] = cause.Because });
            using var answer = await http.PostAsync(new Uri(admin, "/admin/reload"), body, cancellationToken).ConfigureAwait(false);
            var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new Answer(json!["revision"]!.GetValue<long>(), null),
                HttpStatusCode.UnprocessableEntity => new Answer(
                    null,
                    string.Join(Environment.NewLine, json!["errors"]!.AsArray().Select(e => e!.GetValue<string>()))
                ),
                _ => throw new UserException($"the gateway on {admin} answered {(int)answer.StatusCode}: {json?["error"]}"),
            };
        }
        catch (HttpRequestException)
        {
            // One that was killed left its address behind.
            return null;
        }
    }
}
