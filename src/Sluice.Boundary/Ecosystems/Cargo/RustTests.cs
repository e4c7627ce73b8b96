namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>Finds what is compiled for tests only: items under <c>#[cfg(test)]</c> and test functions.</summary>
internal static class RustTests
{
    private const int MaximumDepth = 32;
    private const int MaximumTokens = 256;

    private static readonly HashSet<string> Items =
    [
        "fn",
        "mod",
        "impl",
        "struct",
        "enum",
        "union",
        "trait",
        "type",
        "use",
        "const",
        "static",
        "async",
        "unsafe",
        "extern",
        "macro_rules",
        "let",
    ];

    /// <summary>By line, whether it is in such an item, from its attribute to its end.</summary>
    public static bool[] Lines(List<Token> tokens)
    {
        var lines = new bool[tokens.Count > 0 ? tokens[^1].Line + 1 : 1];
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (!tokens[i].Is("#"))
            {
                continue;
            }

            var isInner = tokens[i + 1].Is("!");
            var open = isInner ? i + 2 : i + 1;
            if (open + 1 >= tokens.Count || !tokens[open].Is("[") || !IsTest(tokens, open + 1))
            {
                continue;
            }

            var last = isInner ? tokens.Count - 1 : ItemEnd(tokens, Closing(tokens, open) + 1);
            Array.Fill(lines, true, tokens[i].Line, tokens[last].Line - tokens[i].Line + 1);
            i = last;
        }

        return lines;
    }

    private static bool IsTest(List<Token> tokens, int i)
    {
        if (tokens[i].Is("cfg") && i + 2 < tokens.Count && tokens[i + 1].Is("("))
        {
            i += 2;
            return Demands(tokens, ref i, Math.Min(i + MaximumTokens, tokens.Count), 0);
        }

        // #[test], #[tokio::test], #[test_case(…)]
        for (; i < tokens.Count && (tokens[i].Kind == TokenKind.Word || tokens[i].Is("::")); i++)
        {
            if (tokens[i].Value is "test" or "rstest" or "test_case" or "bench")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The condition is never true outside tests.</summary>
    private static bool Demands(List<Token> tokens, ref int i, int end, int depth)
    {
        if (i + 1 >= end || depth > MaximumDepth)
        {
            return false;
        }

        var word = tokens[i].Value;
        var isText = tokens[i].Kind == TokenKind.Text;
        i++;
        if (!tokens[i].Is("("))
        {
            var isAssigned = tokens[i].Is("=");
            i += isAssigned ? 2 : 0;
            return word == "test" && !isAssigned && !isText;
        }

        var any = false;
        var all = true;
        for (i++; i < end && !tokens[i].Is(")"); i += i < end && tokens[i].Is(",") ? 1 : 0)
        {
            var before = i;
            var demands = Demands(tokens, ref i, end, depth + 1);
            any |= demands;
            all &= demands;
            i += i == before ? 1 : 0;
        }

        i++;
        return word switch
        {
            "all" => any,
            "any" => any && all,
            _ => false,
        };
    }

    /// <summary>An item ends with the first brace that closes, or with a semicolon before one opens; more attributes may stand before it.</summary>
    private static int ItemEnd(List<Token> tokens, int i)
    {
        var round = 0;
        var isItem = IsItem(tokens, i);
        for (; i < tokens.Count; i++)
        {
            if (tokens[i].Is("{"))
            {
                var end = Closing(tokens, i);
                // use a::{b}; goes on to its semicolon.
                return end + 1 < tokens.Count && tokens[end + 1].Is(";") ? end + 1 : end;
            }

            round +=
                tokens[i].Is("(") || tokens[i].Is("[") ? 1
                : tokens[i].Is(")") || tokens[i].Is("]") ? -1
                : 0;
            if ((tokens[i].Is(";") || (tokens[i].Is(",") && !isItem)) && round <= 0)
            {
                return i;
            }
        }

        return tokens.Count - 1;
    }

    /// <summary>Rather than a field or a variant, which ends with a comma.</summary>
    private static bool IsItem(List<Token> tokens, int i)
    {
        while (i + 1 < tokens.Count && tokens[i].Is("#"))
        {
            i = Closing(tokens, i + 1) + 1;
        }

        if (i + 1 < tokens.Count && tokens[i].Is("pub"))
        {
            i += tokens[i + 1].Is("(") ? 4 : 1;
        }

        return i < tokens.Count && tokens[i].Kind == TokenKind.Word && Items.Contains(tokens[i].Value);
    }

    private static int Closing(List<Token> tokens, int open)
    {
        var (opens, closes) = tokens[open].Value == "{" ? ("{", "}") : ("[", "]");
        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            depth +=
                tokens[i].Is(opens) ? 1
                : tokens[i].Is(closes) ? -1
                : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return tokens.Count - 1;
    }
}
