using Sluice.Admission;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>A call that passes unread: held and booked like every other, tried once.</summary>
/// <remarks>
/// It is never tried again, here or elsewhere: nobody knows what a second upload or job would do. What it meets teaches no gate
/// anything: a missing file says nothing of a model, and a caller could else close a provider to everybody.
/// </remarks>
internal sealed class PassThrough(Gates gates, UpstreamClient upstream, WireTable wires, TimeProvider time)
{
    /// <summary>What passes is not read: nothing is learned of it.</summary>
    private readonly TokenRatios _ratios = new();

    private static readonly TimeSpan Longest = new Deadlines().Call;

    /// <exception cref="PassRefusedException">A gate did not let it through.</exception>
    /// <exception cref="PassBodyException">The caller's body ended it.</exception>
    /// <exception cref="ProviderException">No answer came.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Committed> SendAsync(Call call, PassRequest request, LedgerSettings ledger, CancellationToken cancellationToken)
    {
        var candidate = new Candidate(request.Route, request.Target, CredentialOf(request), 1, request.Price)
        {
            PriceIsSaid = request.PriceIsSaid,
        };
        var (permits, refusal) = await gates.EnterAsync(call, candidate, cancellationToken).ConfigureAwait(false);
        if (permits is null)
        {
            call.Record(new Rejection(candidate.Target.Name, refusal!.Gate, refusal.Reason, refusal.RetryAfter));
            throw new PassRefusedException(refusal);
        }

        var limit = call.Deadline is { } own && own < Longest ? own : Longest;
        var clock = new AttemptClock(time, limit, cancellationToken);
        var attempt = new RunningAttempt(
            call,
            candidate,
            permits,
            request.Target.Card.Price ?? Price.Free,
            default,
            request.Price ?? Credits.Zero,
            ledger.OnUnknown,
            clock,
            _ratios
        );
        try
        {
            clock.Arm();
            return new Committed(call, await OpenAsync(candidate, request, attempt).ConfigureAwait(false), attempt);
        }
        catch (OperationCanceledException) when (clock.Expired is null)
        {
            attempt.Abort();
            clock.Dispose();
            throw;
        }
        catch (Exception exception)
        {
            var failure = FailureOf(exception, request, clock);
            attempt.Fail(failure);
            clock.Dispose();
            throw failure.InnerException as PassBodyException ?? (Exception)failure;
        }
    }

    private async ValueTask<Answer> OpenAsync(Candidate candidate, PassRequest request, RunningAttempt attempt)
    {
        var response = await upstream
            .PassAsync(request.Message, request.Provider, candidate.Credential, attempt.Clock.Token)
            .ConfigureAwait(false);
        var status = (int)response.StatusCode;
        if (status is >= 300 and not 304 and < 400 or 401)
        {
            response.Dispose();
            throw new ProviderException(
                status == 401 ? FailureClass.Credential : FailureClass.Drift,
                status == 401
                    ? "the provider did not accept this gateway's credential"
                    : $"the provider answered with a redirect ({status}), which is not followed"
            )
            {
                Status = status,
            };
        }

        if (!response.IsSuccessStatusCode)
        {
            attempt.Fail(FailureClassifier.Classify(status, HeaderOf(response), [], time.GetUtcNow()));
        }

        return new PassedAnswer(response, attempt.Clock)
        {
            Target = candidate.Target,
            Wire = wires[candidate.Target.Wire],
            Facts = new PassedFacts(request.Price is not null),
            Headers = PassHeaders.OfAnswer(response),
            Status = status,
        };
    }

    /// <summary>The key that made what is asked about, or the pool's first.</summary>
    private static Credential CredentialOf(PassRequest request) =>
        request.Provider.Credentials.FirstOrDefault(c => c.Id == request.Credential) ?? request.Provider.Credentials[0];

    private static ProviderException FailureOf(Exception exception, PassRequest request, AttemptClock clock) =>
        exception is ProviderException failure ? failure
        : Find<PassBodyException>(exception) is { } body
            ? new ProviderException(FailureClass.BadRequest, body.Message, body) { Sent = request.Started() }
        : clock.Expired is { } expired ? expired
        : FailureClassifier.Classify(exception);

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception is null or T ? (T?)exception : Find<T>(exception.InnerException);

    private static Func<string, string?> HeaderOf(HttpResponseMessage response) =>
        name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
