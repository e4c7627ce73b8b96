using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>The contents of a message as a turn. What was streamed in pieces is put together, whether its updates were merged before or not.</summary>
internal static class TurnProjection
{
    /// <param name="message">The message.</param>
    /// <param name="unheld">Receives the names of what no record holds.</param>
    public static Message Read(ChatMessage message, ICollection<string> unheld)
    {
        var role = RoleOf(message.Role);
        if (message.AuthorName is not null && role == Role.User && message.Role != ChatRole.Tool)
        {
            unheld.Add("AuthorName");
        }

        return new Message(role, Parts(message.Contents, role, unheld));
    }

    public static List<Part> Parts(IEnumerable<AIContent> contents, Role role, ICollection<string> unheld)
    {
        var parts = new List<Part>();
        foreach (var content in contents.Where(Says))
        {
            if (content is TextContent { Text.Length: 0, Annotations.Count: > 0 } && parts is [.., TextPart])
            {
                Cite(
                    parts,
                    (int)(content.AdditionalProperties.Number(Properties.Covers) ?? 0),
                    CitationProjection.Read(content.Annotations)
                );
                parts[^1] = parts[^1] with { Cache = PartProjection.MarkOf(content) ?? parts[^1].Cache };
                continue;
            }

            var read = PartProjection.Read(content, unheld);
            if (read.Count == 0)
            {
                unheld.Add(content.GetType().Name);
            }

            foreach (var part in read)
            {
                Add(parts, part, role);
            }
        }

        return parts;
    }

    /// <summary>Whether a content is more than a view of another, or a count.</summary>
    public static bool Says(AIContent content) =>
        content is not UsageContent && content.AdditionalProperties.Flag(Properties.Shown) != true;

    private static void Add(List<Part> parts, Part part, Role role)
    {
        switch (part)
        {
            case TextPart { Text.Length: 0, Citations.Count: 0, Cache: null }:
                break;
            case TextPart { Citations.Count: 0 } text
                when role == Role.Assistant && parts is [.., TextPart { Citations.Count: 0, Cache: null } before]:
                parts[^1] = text with { Text = before.Text + text.Text };
                break;
            case ReasoningPart { Redacted: null } reasoning when parts is [.., ReasoningPart { IsSigned: false } before]:
                parts[^1] = reasoning with { Text = before.Text + reasoning.Text };
                break;
            case RefusalPart refusal when parts is [.., RefusalPart before]:
                parts[^1] = new RefusalPart(before.Text + refusal.Text);
                break;
            default:
                parts.Add(part);
                break;
        }
    }

    /// <summary>Gives the last text its sources; where it is more than they cover, what stands before is a text of its own.</summary>
    private static void Cite(List<Part> parts, int covers, List<Citation> citations)
    {
        var text = (TextPart)parts[^1];
        if (covers > 0 && covers < text.Text.Length && text.Citations.Count == 0)
        {
            parts[^1] = text with { Text = text.Text[..^covers] };
            parts.Add(new TextPart(text.Text[^covers..]) { Citations = citations });
        }
        else
        {
            parts[^1] = text with { Citations = [.. text.Citations, .. citations] };
        }
    }

    private static Role RoleOf(ChatRole role) =>
        role == ChatRole.Assistant ? Role.Assistant
        : role == ChatRole.System || role.Value == "developer" ? Role.System
        : Role.User;
}
