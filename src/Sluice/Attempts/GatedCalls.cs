using Sluice.Calls;
using Sluice.Content;

namespace Sluice.Attempts;

/// <summary>Takes a request past the content gates before anything is held or sent for it.</summary>
internal static class GatedCalls
{
    /// <summary>The request as the gates leave it; its answers have to pass them, too.</summary>
    /// <exception cref="ContentDeniedException">A gate does not allow it.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public static async ValueTask<ClientRequest> AdmitAsync(ContentCheck check, ClientRequest request, CancellationToken cancellationToken)
    {
        var view = request.View();
        var texts = await check.AskAsync(view, check.Request, cancellationToken).ConfigureAwait(false);
        return request.Gated(check, view, texts);
    }

    /// <summary>What the caller is told where words were replaced, his or the answer's.</summary>
    public static void Report(Call call)
    {
        foreach (var action in call.GateActions)
        {
            if (action.Verdict == GateVerdict.Redacted)
            {
                call.Change("redacted", $"gate '{action.Gate}' {action.Reason}");
            }
        }
    }
}
