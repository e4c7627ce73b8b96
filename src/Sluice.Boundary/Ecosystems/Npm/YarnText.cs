using System.Text;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>The form of yarn's first lock files: an entry to a paragraph, members indented, names and values with a space between.</summary>
internal static class YarnText
{
    /// <exception cref="JsonTextException">A line is neither an entry nor a member of one.</exception>
    public static JsonTree Parse(string text)
    {
        var entries = new List<JsonMember>();
        List<JsonMember>? entry = null;
        List<JsonMember>? group = null;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var content = line.Trim().TrimStart('\uFEFF');
            if (content.Length == 0 || content[0] == '#')
            {
                continue;
            }

            var indent = line.Length - line.TrimStart(' ').Length;
            var opens = content[^1] == ':';
            if (indent == 0)
            {
                if (!opens)
                {
                    throw new JsonTextException(number, $"line {number}: expected ':' at the end of an entry's name");
                }

                group = null;
                entry = [];
                entries.Add(new JsonMember(Plain(content[..^1]), number, new JsonTree(JsonKind.Object, number, members: entry)));
            }
            else if (entry is null)
            {
                throw new JsonTextException(number, $"line {number}: expected an entry's name");
            }
            else if (opens && indent <= 2)
            {
                group = [];
                entry.Add(new JsonMember(Plain(content[..^1]), number, new JsonTree(JsonKind.Object, number, members: group)));
            }
            else
            {
                (indent > 2 ? group ?? entry : entry).Add(Member(content, number));
            }
        }

        return new JsonTree(JsonKind.Object, 1, members: entries);
    }

    private static JsonMember Member(ReadOnlySpan<char> content, int line)
    {
        var end = content[0] == '"' ? content[1..].IndexOf('"') + 2 : content.IndexOf(' ');
        end = end <= 1 || end > content.Length ? content.Length : end;
        return new JsonMember(Plain(content[..end]), line, new JsonTree(JsonKind.Text, line, Plain(content[end..])));
    }

    /// <summary>Names may be quoted one by one.</summary>
    private static string Plain(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Trim())
        {
            if (c != '"')
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }
}
