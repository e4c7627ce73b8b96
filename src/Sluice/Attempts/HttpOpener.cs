using Sluice.Admission;
using Sluice.Calls;
using Sluice.Content;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Upstream.EventStream;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Opens an answer over HTTP: sends the prepared body, reads a whole answer or primes a stream.</summary>
internal sealed class HttpOpener(UpstreamClient upstream, WireTable wires, TimeProvider time)
{
    private const int LongestAnswer = 32 * 1024 * 1024;

    /// <summary>Room for an answer that does not tell its length.</summary>
    private const int Usual = 4096;

    /// <param name="opening">Who is asked what; a stream takes the clock of its attempt over.</param>
    /// <param name="deadlines">The policy of the route that was asked.</param>
    /// <exception cref="ProviderException">The attempt failed before anything could reach the caller.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Answer> OpenAsync(Opening opening, Deadlines deadlines)
    {
        var (attempt, prepared, firstContent) = opening;
        var (candidate, clock) = (attempt.Candidate, attempt.Clock);
        HttpResponseMessage? response = null;
        var features = prepared.Features;
        try
        {
            clock.Arm(features.Stream ? deadlines.Headers ?? firstContent : null, "the deadline for response headers");
            response = await upstream
                .SendAsync(
                    candidate.Target,
                    candidate.Credential,
                    prepared.Body,
                    features.Stream,
                    prepared.Headers,
                    clock.Token,
                    deadlines.Connect
                )
                .ConfigureAwait(false);
            clock.Arm();
            EventStreamContent.Decode(response);
            var wire = wires[candidate.Target.Wire];
            if (!response.IsSuccessStatusCode || !features.Stream || IsWhole(response))
            {
                return await ReadWholeAsync(candidate.Target, wire, response, prepared, clock).ConfigureAwait(false);
            }

            var primed = new PrimedStream(response, clock, deadlines.BetweenEvents, prepared.HideUsage)
            {
                Target = candidate.Target,
                Wire = wire,
                Facts = wire.Observe(features, candidate.Target.Provider.Dialect),
                Headers = WireHeaders.OfAnswer(response),
                Status = (int)response.StatusCode,
                Form = prepared.Form,
                WrapsSignatures = prepared.WrapsSignatures,
            };
            response = null;
            return await PrimeAsync(primed, firstContent - clock.Elapsed, prepared.Content).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (clock.Expired is { } expired)
        {
            throw expired;
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException && !clock.CallerLeft)
        {
            // The connection's own deadline: nobody went away.
            throw FailureClassifier.Classify(exception);
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

    private static async ValueTask<Answer> PrimeAsync(PrimedStream stream, TimeSpan firstContent, ContentCheck? content)
    {
        try
        {
            await stream.PrimeAsync(firstContent).ConfigureAwait(false);
            if (content is not null)
            {
                await GatedAnswers.AdmitAsync(content, stream).ConfigureAwait(false);
            }

            return stream;
        }
        catch (ProviderException failure)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw failure.OfBegun(stream.Status, stream.Facts.Usage);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Answer> ReadWholeAsync(
        Target target,
        IWire wire,
        HttpResponseMessage response,
        PreparedRequest prepared,
        AttemptClock clock
    )
    {
        var body = await ReadBodyAsync(response, clock.Token).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                throw FailureClassifier.Classify((int)response.StatusCode, HeaderOf(response), body.Unread.Span, time.GetUtcNow());
            }

            var facts = wire.Observe(prepared.Features, target.Provider.Dialect);
            facts.ObserveWhole(body.Unread.Span);
            if (prepared.Content is { } content)
            {
                body = await GatedAnswers.AdmitAsync(content, body, facts, (int)response.StatusCode, clock.Token).ConfigureAwait(false);
            }

            return new WholeAnswer(body, clock.Elapsed)
            {
                Target = target,
                Wire = wire,
                Facts = facts,
                Headers = WireHeaders.OfAnswer(response),
                Status = (int)response.StatusCode,
                Form = prepared.Form,
                WrapsSignatures = prepared.WrapsSignatures,
            };
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>A stream request may be answered whole: by an early error, a model that cannot stream, or the page of a proxy in between.</summary>
    private static bool IsWhole(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (
            type.Equals("text/html", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("json", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("ndjson", StringComparison.OrdinalIgnoreCase)
        );

    private static Func<string, string?> HeaderOf(HttpResponseMessage response) =>
        name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static async ValueTask<StreamBuffer> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var known = response.Content.Headers.ContentLength;
        if (known > LongestAnswer)
        {
            throw TooLong();
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = new StreamBuffer((int)Math.Max(known ?? Usual, 1));
            try
            {
                while (body.Length != known && await body.FillAsync(stream, cancellationToken).ConfigureAwait(false) > 0)
                {
                    if (body.Length > LongestAnswer)
                    {
                        throw TooLong();
                    }
                }

                return body;
            }
            catch
            {
                body.Dispose();
                throw;
            }
        }
    }

    private static ProviderException TooLong() => new(FailureClass.Drift, $"the answer is longer than {LongestAnswer} bytes");
}
