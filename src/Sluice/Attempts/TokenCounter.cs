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

    /// <param name="route">Whose first usable target counts.</param>
    /// <param name="wire">The caller's wire.</param>
    /// <param name="head">What is to be counted.</param>
    /// <param name="bodyFor">The body as the target is sent it, which names the model as the target knows it.</param>
    /// <param name="headers">Headers of the caller's wire that are passed on.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="ProviderException">The target says that the request itself is wrong.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<TokenCount> CountAsync(
        Route route,
        WireKind wire,
        RequestHead head,
        Func<RequestHead, Target, ReadOnlyMemory<byte>> bodyFor,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var target = route.Targets.FirstOrDefault(t => t.Provider.Missing is null) ?? route.Targets[0];
        var counted =
            target is { Provider: { Missing: null, Address.CountTokens: { } address } }
            && target.Wire == wire
            && !Signatures.In(head.Body.Span)
                ? await AskAsync(Counting(target, address), bodyFor(head, target), headers, cancellationToken).ConfigureAwait(false)
                : null;
        return new TokenCount(target, counted?.Tokens ?? TokenEstimate.Of(head.Body.Length), counted?.Answer);
    }

    private static Target Counting(Target target, ProviderAddress address) =>
        target with
        {
            Provider = target.Provider with { Address = address },
        };

    /// <returns><see langword="null"/> when the provider could not be asked.</returns>
    private async ValueTask<(long Tokens, ReadOnlyMemory<byte> Answer)?> AskAsync(
        Target target,
        ReadOnlyMemory<byte> body,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        using var clock = new AttemptClock(time, Longest, cancellationToken);
        clock.Arm();
        try
        {
            using var response = await upstream
                .SendAsync(target, target.Provider.Credentials[0], body, stream: false, headers, clock.Token)
                .ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LongestAnswer, clock.Token).ConfigureAwait(false);
            var answer = await response.Content.ReadAsByteArrayAsync(clock.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw FailureClassifier.Classify((int)response.StatusCode, _ => null, answer, time.GetUtcNow());
            }

            using var document = JsonDocument.Parse(answer);
            return (document.RootElement.Integer("input_tokens") ?? document.RootElement.Integer("totalTokens")) is { } tokens
                ? (tokens, answer)
                : null;
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
/// <param name="Answer">The target's own answer; <see langword="null"/> where nobody has counted them.</param>
internal readonly record struct TokenCount(Target Target, long Tokens, ReadOnlyMemory<byte>? Answer);
