using System.Text;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>
/// Signatures of reasoning belong to whoever issued them. One that crosses to another wire is put into an envelope with its issuer's
/// name, comes back in it with the next turn, and is opened for that issuer alone.
/// </summary>
/// <remarks>An envelope is itself base64, because some clients decode what they are given.</remarks>
internal static class Signatures
{
    private const string Head = "sluice:1:";

    /// <summary><see cref="Head"/> in base64: nine bytes are twelve characters, whatever follows.</summary>
    private static readonly string Mark = Convert.ToBase64String(Encoding.UTF8.GetBytes(Head));

    private static readonly byte[] MarkBytes = Encoding.UTF8.GetBytes(Mark);

    /// <summary>Whether a body holds an envelope: then its own wire cannot take it as it is.</summary>
    public static bool In(ReadOnlySpan<byte> body) => body.IndexOf(MarkBytes) >= 0;

    public static bool IsEnvelope(string signature) => signature.StartsWith(Mark, StringComparison.Ordinal);

    public static string Wrap(string signature, Target issuer) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Head}{issuer.Name}\n{signature}"));

    /// <summary>An answer's event with its signature in an envelope.</summary>
    public static AnswerEvent Wrapped(AnswerEvent answerEvent, Target issuer) =>
        answerEvent switch
        {
            ReasoningSigned signed => new ReasoningSigned(Wrap(signed.Signature, issuer)),
            ReasoningRedacted redacted => new ReasoningRedacted(Wrap(redacted.Data, issuer)),
            _ => answerEvent,
        };

    /// <summary>The request as its target may see it: its own signatures opened, reasoning that others signed left out and reported.</summary>
    public static ChatRequest For(ChatRequest request, Target target, ICollection<Degradation> degradations)
    {
        if (!request.Messages.Any(m => m.Parts.Any(p => p is ReasoningPart { IsSigned: true })))
        {
            return request;
        }

        var losses = new Losses("", degradations);
        return request with
        {
            Messages =
            [
                .. request.Messages.Select(m =>
                    m with
                    {
                        Parts = [.. m.Parts.Select(p => Opened(p, request, target, losses)).OfType<Part>()],
                    }
                ),
            ],
        };
    }

    private static Part? Opened(Part part, ChatRequest request, Target target, Losses losses)
    {
        if (part is not ReasoningPart { IsSigned: true } reasoning)
        {
            return part;
        }

        var (issuer, secret) = Open(reasoning.Signature ?? reasoning.Redacted!);
        if (issuer is null ? request.Origin == target.Wire : issuer == target.Name)
        {
            return reasoning.Signature is null ? reasoning with { Redacted = secret } : reasoning with { Signature = secret };
        }

        losses.Add("reasoning", $"reasoning of an earlier turn was left out: {issuer ?? "another provider"} signed it");
        return null;
    }

    /// <returns>The issuer, where the signature came in an envelope, and the signature itself.</returns>
    private static (string? Issuer, string Signature) Open(string signature)
    {
        if (!IsEnvelope(signature))
        {
            return (null, signature);
        }

        // Clients for which a signature is bytes may write it back in base64's other alphabet.
        var bytes = new byte[signature.Length];
        return
            Convert.TryFromBase64String(signature.Replace('-', '+').Replace('_', '/'), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, Head.Length, length - Head.Length).Split('\n', 2) is [var issuer, var content]
            ? (issuer, content)
            : ("an envelope that cannot be read", "");
    }
}
