using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wires;
using Sluice.Wires.Json;

namespace Sluice.Attempts;

/// <summary>How long a request is, in tokens: as its target counts them where both speak one wire, else by estimate.</summary>
/// <remarks>Counting is free of charge everywhere, so that it stands in no ledger and on no budget.</remarks>
internal sealed class TokenCounter(UpstreamClient upstream, TimeProvider time)
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="ProviderException">The target says that the request itself is wrong.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<TokenCount> CountAsync(
        Route route,
        WireKind wire,
        RequestHead head,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var target = route.Targets.FirstOrDefault(t => t.Provider.Missing is null) ?? route.Targets[0];
        var counted =
            target is { Provider: { Missing: null, Address.CountTokens: { } address } }
            && target.Wire == wire
            && !Signatures.In(head.Body.Span)
                ? await AskAsync(Counting(target, address), head, headers, cancellationToken).ConfigureAwait(false)
                : null;
        return new TokenCount(target, counted ?? TokenEstimate.Of(head.Body.Length), counted is null);
    }

    private static Target Counting(Target target, ProviderAddress address) =>
        target with
        {
            Provider = target.Provider with { Address = address },
        };

    /// <returns><see langword="null"/> when the provider could not be asked.</returns>
    private async ValueTask<long?> AskAsync(
        Target target,
        RequestHead head,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var splicer = new Splicer(head.Members);
        splicer.Set("model", JsonText.Quote(target.Model));
        using var clock = new AttemptClock(time, Longest, cancellationToken);
        clock.Arm();
        try
        {
            using var response = await upstream
                .SendAsync(target, target.Provider.Credentials[0], splicer.Apply(), stream: false, headers, clock.Token)
                .ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LongestAnswer, clock.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(clock.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw FailureClassifier.Classify((int)response.StatusCode, _ => null, body, time.GetUtcNow());
            }

            using var document = JsonDocument.Parse(body);
            return document.RootElement.Integer("input_tokens");
        }
        catch (ProviderException failure) when (failure.Failure is FailureClass.BadRequest or FailureClass.ContextTooLong)
        {
            throw;
        }
        catch (OperationCanceledException) when (clock.CallerLeft)
        {
            throw;
        }
        catch (Exception exception)
            when (exception is ProviderException or HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            // An estimate that says so is of more use than the failure.
            return null;
        }
    }
}

/// <summary>The length of a request.</summary>
/// <param name="Target">Who would be asked.</param>
/// <param name="Tokens">How many tokens it has.</param>
/// <param name="Estimated">Whether nobody has counted them.</param>
internal readonly record struct TokenCount(Target Target, long Tokens, bool Estimated);
