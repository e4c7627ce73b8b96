using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Tests.Wires;

/// <summary>What a stream comes to: marks of each frame, "input/output", finish, terminated.</summary>
internal sealed record TrapReading(string Marks, string Usage, string? Finish, bool Terminated)
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire());

    /// <summary>Reads frames with comments and line ends of every kind between them, whole and byte by byte.</summary>
    public static void Check(WireKind wire, string name, string[] frames, TrapReading expected)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => $": comment\r\n\r\ndata:{f}\r\n\r\n")));
        foreach (var chunk in new[] { body.Length, 1 })
        {
            var facts = Wires[wire].Observe(new CallFeatures(), TestTargets.DialectOf(wire));
            var seen = Read(wire, body, chunk, facts).Where((_, i) => i % 2 == 1);
            var usage = facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-";

            new TrapReading(string.Join(", ", seen), usage, facts.FinishReason, facts.Terminated).ShouldBe(expected, name);
        }
    }

    private static List<FrameMarks> Read(WireKind kind, byte[] body, int chunk, AnswerObserver facts)
    {
        var marks = new List<FrameMarks>();
        var (start, end) = (0, 0);
        while (end < body.Length)
        {
            end = Math.Min(body.Length, end + chunk);
            while (Wires[kind].Framing.TryRead(body.AsSpan(start..end), final: end == body.Length, out var frame))
            {
                marks.Add(facts.Observe(frame));
                start += frame.Length;
            }
        }

        return marks;
    }
}
