using Sluice.Admission;
using Sluice.Calls;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Opens an answer over HTTP: sends the prepared body, reads a whole answer or primes a stream.</summary>
internal sealed class HttpOpener(UpstreamClient upstream, WireTable wires, TimeProvider time)
{
    private const int LongestAnswer = 32 * 1024 * 1024;

    /// <summary>The first guess at the length of an answer that does not tell it.</summary>
    private const int Guess = 4096;

    /// <param name="candidate">Who is asked.</param>
    /// <param name="prepared">What is sent.</param>
    /// <param name="features">What was asked: a stream or not, how many choices.</param>
    /// <param name="deadlines">The policy of the route that was asked.</param>
    /// <param name="firstContent">How long the first content may take.</param>
    /// <param name="clock">The attempt's deadlines; a stream takes them over.</param>
    /// <exception cref="ProviderException">The attempt failed before anything could reach the caller.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Answer> OpenAsync(
        Candidate candidate,
        PreparedRequest prepared,
        CallFeatures features,
        Deadlines deadlines,
        TimeSpan firstContent,
        AttemptClock clock
    )
    {
        HttpResponseMessage? response = null;
        try
        {
            clock.Arm(features.Stream ? deadlines.Headers ?? firstContent : null, "the deadline for response headers");
            response = await upstream
                .SendAsync(candidate.Target, candidate.Credential, prepared.Body, prepared.Headers, clock.Token)
                .ConfigureAwait(false);
            clock.Arm();
            var wire = wires[candidate.Target.Wire];
            if (!response.IsSuccessStatusCode || !features.Stream || IsPlainJson(response))
            {
                var body = await ReadBodyAsync(response, clock.Token).ConfigureAwait(false);
                return response.IsSuccessStatusCode
                    ? Whole(candidate.Target, wire, response, body, features, clock.Elapsed)
                    : throw FailureClassifier.Classify((int)response.StatusCode, HeaderOf(response), body.Span, time.GetUtcNow());
            }

            var primed = new PrimedStream(response, clock, deadlines.BetweenEvents, prepared.HideUsage)
            {
                Target = candidate.Target,
                Wire = wire,
                Facts = wire.Observe(features),
                Headers = WireHeaders.OfAnswer(response),
                Status = (int)response.StatusCode,
            };
            response = null;
            return await PrimeAsync(primed, firstContent - clock.Elapsed).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (clock.Expired is { } expired)
        {
            throw expired;
        }
        catch (Exception exception) when (exception is not (ProviderException or OperationCanceledException))
        {
            throw FailureClassifier.Classify(exception);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static async ValueTask<Answer> PrimeAsync(PrimedStream stream, TimeSpan firstContent)
    {
        try
        {
            await stream.PrimeAsync(firstContent).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static WholeAnswer Whole(
        Target target,
        IWire wire,
        HttpResponseMessage response,
        ReadOnlyMemory<byte> body,
        CallFeatures features,
        TimeSpan elapsed
    )
    {
        var facts = wire.Observe(features);
        facts.ObserveWhole(body.Span);
        return new WholeAnswer(body, elapsed)
        {
            Target = target,
            Wire = wire,
            Facts = facts,
            Headers = WireHeaders.OfAnswer(response),
            Status = (int)response.StatusCode,
        };
    }

    /// <summary>A stream request may be answered by plain JSON: an early error, or a model that cannot stream.</summary>
    private static bool IsPlainJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && type.EndsWith("json", StringComparison.OrdinalIgnoreCase);

    private static Func<string, string?> HeaderOf(HttpResponseMessage response) =>
        name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var known = response.Content.Headers.ContentLength;
        if (known > LongestAnswer)
        {
            throw TooLong();
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = new byte[known ?? Guess];
            var length = 0;
            while (length != known)
            {
                if (length == body.Length)
                {
                    Array.Resize(ref body, body.Length < LongestAnswer ? body.Length * 2 : throw TooLong());
                }

                var read = await stream.ReadAsync(body.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return body.AsMemory(0, length);
        }
    }

    private static ProviderException TooLong() => new(FailureClass.Drift, $"the answer is longer than {LongestAnswer} bytes");
}
