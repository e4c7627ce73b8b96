using System.Text;
using Sluice.Attempts;

namespace Sluice.Gateway.Ids;

/// <summary>Remembers for the caller's key what an answer makes at its provider and what the provider keeps of it.</summary>
/// <param name="made">Where it is remembered.</param>
/// <param name="committed">The answer.</param>
/// <param name="mentions">What the request named: that was there before, and an answer that repeats it makes it nobody's own.</param>
internal sealed class AnswerMemory(MadeIds made, Committed committed, IReadOnlyList<Mention> mentions)
{
    /// <summary>Reads a whole answer, before the client has it.</summary>
    public void Whole(ReadOnlySpan<byte> body) => Make(AnswerThings.Read(body));

    /// <summary>Reads whole frames of a stream, before the client has them.</summary>
    public void Frames(ReadOnlySpan<byte> frames)
    {
        if (!AnswerThings.May(frames))
        {
            return;
        }

        while (committed.Answer.Wire.Framing.TryRead(frames, final: true, out var frame))
        {
            Make(AnswerThings.Read(frame.Data));
            frames = frames[frame.Length..];
        }
    }

    /// <summary>Takes what the provider keeps of an answer that is complete.</summary>
    public void End()
    {
        if (committed.Answer.Facts.KeptIds is { Count: > 0 } ids)
        {
            Keep(ids);
        }
    }

    private void Make(IReadOnlyList<AnswerThing> things)
    {
        foreach (var thing in things)
        {
            if (mentions.Any(m => m.Value.Span.SequenceEqual(Encoding.UTF8.GetBytes(thing.Id))))
            {
                continue;
            }

            if (thing.Lasts)
            {
                made.Make(committed.Answer.Target.Provider.Name, thing.Id, committed.Call.Caller.Key, committed.Candidate.Credential.Id);
            }
            else
            {
                Keep([thing.Id]);
            }
        }
    }

    private void Keep(IReadOnlyList<string> ids)
    {
        var target = committed.Answer.Target;
        made.Keep(ids, committed.Call.Caller.Key, target.Provider.Name, target.Model, committed.Candidate.Credential.Id);
    }
}
