using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Boundary.Text;

/// <summary>
/// TOML read into the same tree as JSON, so that a manifest's reader need not care which it is. Numbers, dates and times stand as they were written. A table's
/// line is that of its header, a member's that of its key. Source: https://toml.io/en/v1.0.0; what 1.1 allows beyond it is read, too.
/// </summary>
internal static partial class TomlTree
{
    private const int MaximumDepth = 128;
    private const int MaximumWord = 512;

    /// <exception cref="JsonTextException">It is not TOML; the message says what was expected, the exception where.</exception>
    public static JsonTree Parse(string text) => new Reader(text).Document();

    [GeneratedRegex(
        @"^[+-]?(\d(_?\d)*(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?|inf|nan)$|^0x[0-9a-fA-F](_?[0-9a-fA-F])*$|^0o[0-7](_?[0-7])*$|^0b[01](_?[01])*$",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Number();

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d)?([Tt ]?\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Moment();

    private sealed class Reader(string text)
    {
        private readonly SourceText source = new(text);

        public JsonTree Document()
        {
            var root = new TomlTable(1, 0);
            var current = root;
            for (source.SkipLines(); !source.AtEnd; source.SkipLines())
            {
                if (source.Peek() == '[')
                {
                    current = Header(root);
                }
                else
                {
                    Member(current, 0);
                }

                source.SkipSpace();
                if (!source.AtEnd && source.Peek() is not ('\n' or '\r' or '#'))
                {
                    throw source.Expected("the end of the line");
                }
            }

            return root.Tree();
        }

        private TomlTable Header(TomlTable root)
        {
            var line = source.Line;
            source.Step();
            var isArray = source.Peek() == '[';
            source.Step(isArray ? 1 : 0);
            var key = Key();
            source.Take(']');
            if (isArray)
            {
                source.Take(']');
            }

            var parent = root;
            foreach (var part in key[..^1])
            {
                parent = parent.Into(part, line, dotted: false);
            }

            return isArray ? parent.Append(key[^1], line) : parent.Open(key[^1], line);
        }

        private void Member(TomlTable table, int depth)
        {
            var line = source.Line;
            var key = Key();
            source.Take('=');
            foreach (var part in key[..^1])
            {
                table = table.Into(part, line, dotted: true);
            }

            source.SkipSpace();
            table.Set(key[^1], line, Value(depth + 1));
        }

        private List<string> Key()
        {
            var parts = new List<string>();
            do
            {
                source.Step(parts.Count > 0 ? 1 : 0);
                source.SkipSpace();
                parts.Add(
                    source.Peek() switch
                    {
                        '"' => Basic(),
                        '\'' => Literal(),
                        _ => source.Word(c => char.IsLetterOrDigit(c) || c is '-' or '_') is { Length: > 0 } bare
                            ? bare
                            : throw source.Expected("a key"),
                    }
                );
                source.SkipSpace();
            } while (source.Peek() == '.');

            return parts;
        }

        private JsonTree Value(int depth)
        {
            if (depth > MaximumDepth)
            {
                throw source.Expected($"at most {MaximumDepth} levels");
            }

            var line = source.Line;
            return source.Peek() switch
            {
                '"' => new JsonTree(JsonKind.Text, line, source.At("\"\"\"") ? MultiLine('"') : Basic()),
                '\'' => new JsonTree(JsonKind.Text, line, source.At("'''") ? MultiLine('\'') : Literal()),
                '[' => Array(line, depth),
                '{' => Inline(line, depth),
                _ => Bare(line),
            };
        }

        private JsonTree Array(int line, int depth)
        {
            var items = new List<JsonTree>();
            source.Step();
            for (source.SkipLines(); source.Peek() != ']'; source.SkipLines())
            {
                items.Add(Value(depth + 1));
                Separate(']');
            }

            source.Step();
            return new JsonTree(JsonKind.Array, line, items: items);
        }

        private JsonTree Inline(int line, int depth)
        {
            var table = new TomlTable(line, depth);
            source.Step();
            for (source.SkipLines(); source.Peek() != '}'; source.SkipLines())
            {
                Member(table, depth);
                Separate('}');
            }

            source.Step();
            return table.Tree();
        }

        private void Separate(char end)
        {
            source.SkipLines();
            if (source.Peek() == ',')
            {
                source.Step();
            }
            else if (source.Peek() != end)
            {
                throw source.Expected($"',' or '{end}'");
            }
        }

        private JsonTree Bare(int line)
        {
            static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '+' or '-' or '_' or '.' or ':';

            var word = source.Word(IsPart);
            if (word.Length == 10 && source.Peek() == ' ' && char.IsDigit(source.Peek(1)) && Moment().IsMatch(word))
            {
                source.Step();
                word += " " + source.Word(IsPart);
            }

            return word switch
            {
                "true" or "false" => new JsonTree(JsonKind.Boolean, line, word),
                { Length: > 0 and <= MaximumWord } when Number().IsMatch(word) => new JsonTree(JsonKind.Number, line, word),
                { Length: > 0 and <= MaximumWord } when Moment().IsMatch(word) => new JsonTree(JsonKind.Text, line, word),
                _ => throw source.Expected("a value"),
            };
        }

        private string Literal()
        {
            source.Step();
            var value = source.Word(c => c is not ('\'' or '\n'));
            source.Close('\'');
            return value;
        }

        private string Basic()
        {
            var built = new StringBuilder();
            source.Step();
            while (source.Peek() is not ('"' or '\n') && !source.AtEnd)
            {
                Append(built);
            }

            source.Close('"');
            return built.ToString();
        }

        /// <summary>Up to two quotes may stand before the three that end it.</summary>
        private string MultiLine(char quote)
        {
            var built = new StringBuilder();
            var end = new string(quote, 3);
            source.Step(3);
            source.Step(
                source.At("\r\n") ? 2
                : source.Peek() == '\n' ? 1
                : 0
            );
            while (!source.At(end) || source.Peek(3) == quote)
            {
                if (source.AtEnd)
                {
                    throw source.Expected($"{end} at the text's end");
                }

                if (quote == '"')
                {
                    Append(built);
                }
                else
                {
                    built.Append(source.Peek());
                    source.Step();
                }
            }

            source.Step(3);
            return built.ToString();
        }

        private void Append(StringBuilder built)
        {
            var c = source.Peek();
            source.Step();
            if (c != '\\')
            {
                built.Append(c);
                return;
            }

            var escape = source.Peek();
            if (escape is ' ' or '\t' or '\r' or '\n')
            {
                // A backslash at the end of a line takes the line's end and all space after it away.
                source.SkipWhite();
                return;
            }

            source.Step();
            built.Append(
                escape switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    'b' => "\b",
                    'f' => "\f",
                    'e' => "\e",
                    '"' => "\"",
                    '\\' => "\\",
                    'x' => Code(2),
                    'u' => Code(4),
                    'U' => Code(8),
                    _ => throw source.Expected("a known escape"),
                }
            );
        }

        private string Code(int digits)
        {
            var written = source.Take(digits);
            return
                int.TryParse(written, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && Rune.IsValid(code)
                && written.Length == digits
                ? new Rune(code).ToString()
                : throw source.Expected($"{digits} hexadecimal digits of a character");
        }
    }
}
