using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>
/// Signatures of reasoning belong to whoever issued them. One that crosses to another wire, or comes from another vendor of the same
/// one than a conversation began with, is put into an envelope with its issuer's name, comes back in it with the next turn, and is
/// opened for that issuer alone.
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

    /// <summary>What stands in a body of these wires that holds a signature; also in text, where nothing is lost by it.</summary>
    private static readonly byte[][] Members =
    [
        .. new[] { "\"signature\"", "\"redacted_thinking\"", "\"encrypted_content\"" }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Whether a body may hold signatures in no envelope.</summary>
    public static bool MayBeBareIn(ReadOnlySpan<byte> body)
    {
        foreach (var member in Members)
        {
            if (body.IndexOf(member) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether two targets of one wire can verify what the other has signed.</summary>
    /// <remarks>
    /// What Claude signs is good wherever it is hosted, see https://platform.claude.com/docs/en/build-with-claude/extended-thinking; what
    /// a vendor of Responses encrypts, for that vendor alone, see https://docs.x.ai/developers/advanced-api-usage/context-compaction.
    /// On the other wires nobody signs but one vendor.
    /// </remarks>
    public static bool AreShared(Target one, Target other) =>
        one.Wire is not (WireKind.AnthropicMessages or WireKind.OpenAiResponses)
        || one.Provider.Name == other.Provider.Name
        || (IsClaude(one) && IsClaude(other));

    /// <summary>Whether an answer brings signatures: Messages has them with any thinking, Responses where they were asked for.</summary>
    public static bool AreAskedFor(ReadOnlySpan<byte> body, WireKind wire) =>
        wire is not WireKind.OpenAiResponses || body.IndexOf("reasoning.encrypted_content"u8) >= 0;

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
    /// <param name="request">What is asked.</param>
    /// <param name="target">Who will be asked.</param>
    /// <param name="bareAreOwn">Whether signatures in no envelope are the target's.</param>
    /// <param name="degradations">Receives what is left out.</param>
    public static ChatRequest For(ChatRequest request, Target target, bool bareAreOwn, ICollection<Degradation> degradations)
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
                        Parts = [.. m.Parts.Select(p => Opened(p, target, bareAreOwn, losses)).OfType<Part>()],
                    }
                ),
            ],
        };
    }

    private static Part? Opened(Part part, Target target, bool bareAreOwn, Losses losses)
    {
        if (part is not ReasoningPart { IsSigned: true } reasoning)
        {
            return part;
        }

        var (issuer, secret) = Open(reasoning.Signature ?? reasoning.Redacted!);
        if (issuer is null ? bareAreOwn : issuer == target.Name)
        {
            return reasoning.Signature is null ? reasoning with { Redacted = secret } : reasoning with { Signature = secret };
        }

        losses.Add("reasoning", $"reasoning of an earlier turn was left out: {issuer ?? "another provider"} signed it");
        return null;
    }

    private static bool IsClaude(Target target) =>
        target.Wire == WireKind.AnthropicMessages && target.Model.Contains("claude", StringComparison.OrdinalIgnoreCase);

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
