using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Sluice.Boundary.Text;

internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>
/// JSON that knows the line of every value, with comments and trailing commas allowed. The platform's own reader keeps no lines, and cannot be
/// loaded into every compiler that runs the analyzer.
/// </summary>
internal sealed class JsonTree
{
    private static readonly IReadOnlyList<JsonTree> NoItems = [];
    private static readonly IReadOnlyList<JsonMember> NoMembers = [];

    public JsonTree(
        JsonKind kind,
        int line,
        string text = "",
        IReadOnlyList<JsonTree>? items = null,
        IReadOnlyList<JsonMember>? members = null
    )
    {
        Kind = kind;
        Line = line;
        Text = text;
        Items = items ?? NoItems;
        Members = members ?? NoMembers;
    }

    public JsonKind Kind { get; }

    /// <summary>Where the value begins, counted from 1.</summary>
    public int Line { get; }

    /// <summary>What a text says, or a number, true, false or null as it stands.</summary>
    public string Text { get; }

    public IReadOnlyList<JsonTree> Items { get; }

    public IReadOnlyList<JsonMember> Members { get; }

    /// <summary>The last member of that name, as every reader of JSON takes it.</summary>
    public JsonTree? this[string name] => Members.LastOrDefault(m => m.Name == name).Value;

    /// <exception cref="JsonTextException">It is not JSON; the message says what was expected, the exception where.</exception>
    public static JsonTree Parse(string text) => new Reader(text).Document();

    private sealed class Reader(string text)
    {
        private const int MaximumDepth = 256;

        private int position;
        private int line = 1;

        public JsonTree Document()
        {
            if (text.Length > 0 && text[0] == '\uFEFF')
            {
                position++;
            }

            var value = Value(0);
            Skip();
            return position == text.Length ? value : throw Expected("nothing more");
        }

        private JsonTree Value(int depth)
        {
            Skip();
            var start = line;
            if (depth > MaximumDepth)
            {
                throw Expected($"at most {MaximumDepth} levels");
            }

            switch (Peek())
            {
                case '{':
                    return new JsonTree(JsonKind.Object, start, members: Object(depth));
                case '[':
                    return new JsonTree(JsonKind.Array, start, items: Array(depth));
                case '"':
                    return new JsonTree(JsonKind.Text, start, Quoted());
                default:
                    return Word(start);
            }
        }

        private List<JsonMember> Object(int depth)
        {
            var members = new List<JsonMember>();
            position++;
            while (!Ends('}'))
            {
                var start = line;
                if (Peek() != '"')
                {
                    throw Expected("a name in double quotes or '}'");
                }

                var name = Quoted();
                Skip();
                Take(':', "':'");
                members.Add(new JsonMember(name, start, Value(depth + 1)));
                Separate('}');
            }

            return members;
        }

        private List<JsonTree> Array(int depth)
        {
            var items = new List<JsonTree>();
            position++;
            while (!Ends(']'))
            {
                items.Add(Value(depth + 1));
                Separate(']');
            }

            return items;
        }

        private JsonTree Word(int start)
        {
            var begin = position;
            while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '+' or '-' or '.'))
            {
                position++;
            }

            var word = text.Substring(begin, position - begin);
            return word switch
            {
                "null" => new JsonTree(JsonKind.Null, start, word),
                "true" or "false" => new JsonTree(JsonKind.Boolean, start, word),
                _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => new JsonTree(
                    JsonKind.Number,
                    start,
                    word
                ),
                _ => throw Expected("a value"),
            };
        }

        private string Quoted()
        {
            var built = new StringBuilder();
            for (position++; Peek() != '"'; position++)
            {
                var c = text[position];
                if (c == '\n')
                {
                    throw Expected("the text's end on its line");
                }

                built.Append(c == '\\' ? Escaped() : c);
            }

            position++;
            return built.ToString();
        }

        private char Escaped()
        {
            position++;
            switch (Peek())
            {
                case 'n':
                    return '\n';
                case 't':
                    return '\t';
                case 'r':
                    return '\r';
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'u':
                    if (
                        position + 4 >= text.Length
                        || !int.TryParse(
                            text.Substring(position + 1, 4),
                            NumberStyles.AllowHexSpecifier,
                            CultureInfo.InvariantCulture,
                            out var code
                        )
                    )
                    {
                        throw Expected("four hexadecimal digits");
                    }

                    position += 4;
                    return (char)code;
                case var c and ('"' or '\\' or '/'):
                    return c;
                default:
                    throw Expected("a known escape");
            }
        }

        /// <summary>True at the end of an object or array, which is then left behind.</summary>
        private bool Ends(char end)
        {
            Skip();
            if (Peek() != end)
            {
                return false;
            }

            position++;
            return true;
        }

        private void Separate(char end)
        {
            Skip();
            if (Peek() != end)
            {
                Take(',', $"',' or '{end}'");
            }
        }

        private void Take(char c, string name)
        {
            if (Peek() != c)
            {
                throw Expected(name);
            }

            position++;
        }

        private char Peek() => position < text.Length ? text[position] : throw Expected("more, not the end of the file");

        private void Skip()
        {
            while (position < text.Length)
            {
                var c = text[position];
                if (c == '\n')
                {
                    line++;
                }
                else if (c == '/' && position + 1 < text.Length && text[position + 1] is '/' or '*')
                {
                    Comment();
                    continue;
                }
                else if (!char.IsWhiteSpace(c))
                {
                    return;
                }

                position++;
            }
        }

        private void Comment()
        {
            var block = text[position + 1] == '*';
            var end = block ? text.IndexOf("*/", position + 2, StringComparison.Ordinal) : text.IndexOf('\n', position);
            var next =
                end < 0 ? text.Length
                : block ? end + 2
                : end;
            for (; position < next; position++)
            {
                line += text[position] == '\n' ? 1 : 0;
            }
        }

        private JsonTextException Expected(string what) => new(line, $"line {line}: expected {what}");
    }
}

internal readonly record struct JsonMember(string Name, int Line, JsonTree Value);

/// <summary>A text is not JSON, or not TOML where that was expected.</summary>
internal sealed class JsonTextException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
