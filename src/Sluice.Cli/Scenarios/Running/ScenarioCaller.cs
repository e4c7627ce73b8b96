using System.Text;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>Makes a call as its client would, and writes down what that saw.</summary>
internal static class ScenarioCaller
{
    /// <param name="key">A key of the gateway.</param>
    public static async Task CallAsync(World world, Timeline timeline, Seen seen, string? key)
    {
        seen.Began = timeline.Now;
        timeline.Note($"call {seen.Number} begins");
        using var leaving = seen.Step.LeavesAfter is { } after
            ? new CancellationTokenSource(after, timeline.Time)
            : new CancellationTokenSource();
        try
        {
            await ReadAsync(world, seen, key, leaving.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            seen.Left = true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            seen.Broken = true;
        }

        seen.Ended = timeline.Now;
        timeline.Note($"call {seen.Number} ends");
        seen.Understand();
    }

    private static async Task ReadAsync(World world, Seen seen, string? key, CancellationToken cancellationToken)
    {
        var step = seen.Step;
        var body = step.Client.Ask(step.Route, step.Prompt, step.Stream);
        Configuration.Merging.Overlay(body, step.Body ?? []);
        var headers = step.Headers.ToList();
        if (key is not null)
        {
            headers.Add(new("Authorization", $"Bearer {key}"));
        }

        using var response = await world
            .AskAsync(step.Client.Path(step.Route, step.Stream), body, headers, cancellationToken)
            .ConfigureAwait(false);
        seen.Status = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            seen.Headers[name] = string.Join(", ", values);
        }

        using var received = new MemoryStream();
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await stream.CopyToAsync(received, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            seen.Body = Encoding.UTF8.GetString(received.GetBuffer().AsSpan(0, (int)received.Length));
        }
    }
}
