namespace Sluice.Cli;

/// <summary>Finds out whether an Ollama runs on this machine.</summary>
internal static class LocalOllama
{
    private static readonly Uri Tags = new("http://127.0.0.1:11434/api/tags");

    public static async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(500) };
        try
        {
            using var response = await http.GetAsync(Tags, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
