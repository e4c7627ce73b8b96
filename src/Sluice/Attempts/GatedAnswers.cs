using System.Text.Json;
using Sluice.Calls;
using Sluice.Content;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Takes an attempt's answer past the content gates before any of it is handed over.</summary>
internal static class GatedAnswers
{
    /// <summary>A whole answer's body as the gates leave it.</summary>
    /// <exception cref="ProviderException">It is denied.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public static async ValueTask<StreamBuffer> AdmitAsync(
        ContentCheck check,
        StreamBuffer body,
        AnswerObserver facts,
        int status,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var view = BodyView.OfAnswer(body.Unread);
            if (await check.AskAsync(view, check.Answer, cancellationToken).ConfigureAwait(false) is not { } texts)
            {
                return body;
            }

            var other = view.With(texts);
            var gated = new StreamBuffer(other.Length);
            gated.Append(other);
            body.Dispose();
            return gated;
        }
        catch (ContentDeniedException denied)
        {
            throw Failure(denied, facts, status, whole: true);
        }
        catch (JsonException exception)
        {
            throw new ProviderException(FailureClass.Drift, "the answer is not the JSON object its protocol documents", exception);
        }
    }

    /// <summary>A stream that hands over what the gates let go.</summary>
    /// <exception cref="ProviderException">It is denied before any content was let go, or failed.</exception>
    public static async ValueTask AdmitAsync(ContentCheck check, PrimedStream stream)
    {
        var gated = new GatedStream(check, stream);
        await gated.PrimeAsync().ConfigureAwait(false);
        stream.Gated = gated;
    }

    /// <summary>A denial as the failure of its attempt.</summary>
    public static ProviderException Failure(ContentDeniedException denied, PrimedStream stream, bool whole) =>
        Failure(denied, stream.Facts, stream.Status, whole);

    private static ProviderException Failure(ContentDeniedException denied, AnswerObserver facts, int status, bool whole) =>
        new(FailureClass.Refused, denied.Message)
        {
            Status = status,
            Detail = denied.Message,
            Usage = facts.Usage,
            Denial = new Denial(denied.Gate.DeniedGoesOn, whole, facts.ContentBytes),
        };
}
