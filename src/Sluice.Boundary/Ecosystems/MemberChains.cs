namespace Sluice.Boundary.Ecosystems;

/// <summary>Reads what most languages write alike: chains of members that are called, and strings with the name they are assigned to.</summary>
internal static class MemberChains
{
    /// <summary>
    /// Every string of the tokens, with the name before it: <c>name = "…"</c>, <c>name: "…"</c>, <c>name("…")</c>. Strings with a plus between them are one.
    /// </summary>
    public static void Texts(IReadOnlyList<Token> tokens, ICollection<Mention> mentions)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != TokenKind.Text)
            {
                continue;
            }

            var first = i;
            var parts = 1;
            while (i + 2 < tokens.Count && tokens[i + 1].Is("+") && tokens[i + 2].Kind == TokenKind.Text)
            {
                i += 2;
                parts++;
            }

            var text = parts == 1 ? tokens[i].Value : string.Concat(Enumerable.Range(0, parts).Select(p => tokens[first + (2 * p)].Value));
            if (text.Length > 0)
            {
                mentions.Add(new Mention(MentionKind.Text, text, tokens[first].Line, Assigned(tokens, first)));
            }
        }
    }

    /// <summary>
    /// Names that are called, and the chain they end: <c>env.AI.run(…)</c> says the call <c>run</c> and the chain <c>env.AI.run</c>. A member named by a string,
    /// and the marks of optional and non-null access, count as the plain one.
    /// </summary>
    /// <param name="isDeclaration">Tells, by the place of the bracket, what is no call but the function itself.</param>
    public static void Calls(IReadOnlyList<Token> tokens, ICollection<Mention> mentions, Func<int, bool>? isDeclaration = null)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (!tokens[i].Is("(") || isDeclaration?.Invoke(i) == true)
            {
                continue;
            }

            var chain = Chain(tokens, i - 1);
            if (chain.Count > 0)
            {
                mentions.Add(new Mention(MentionKind.Call, chain[^1], tokens[i - 1].Line));
            }

            if (chain.Count > 1)
            {
                mentions.Add(new Mention(MentionKind.Chain, string.Join('.', chain), tokens[i - 1].Line));
            }
        }
    }

    /// <summary>The chain that ends at a token, first part first; empty where there is none.</summary>
    private static List<string> Chain(IReadOnlyList<Token> tokens, int end)
    {
        var chain = new List<string>();
        var i = end;
        i = BehindTypeArguments(tokens, i);
        while (i >= 0)
        {
            while (i >= 0 && (tokens[i].Is("?") || tokens[i].Is("!") || (tokens[i].Is(".") && chain.Count == 0)))
            {
                i--;
            }

            if (i >= 0 && tokens[i].Kind == TokenKind.Word)
            {
                chain.Insert(0, tokens[i].Value);
                i--;
            }
            else if (i >= 2 && tokens[i].Is("]") && tokens[i - 1].Kind == TokenKind.Text && tokens[i - 2].Is("["))
            {
                chain.Insert(0, tokens[i - 1].Value);
                i -= 3;
                continue;
            }
            else
            {
                break;
            }

            if (i < 0 || !tokens[i].Is("."))
            {
                break;
            }

            i--;
        }

        return chain;
    }

    /// <summary><c>run&lt;Answer&gt;(</c> is a call of <c>run</c>.</summary>
    private static int BehindTypeArguments(IReadOnlyList<Token> tokens, int end)
    {
        if (end < 0 || !tokens[end].Is(">"))
        {
            return end;
        }

        var depth = 0;
        for (var i = end; i >= 0 && end - i < 64; i--)
        {
            depth +=
                tokens[i].Is(">") ? 1
                : tokens[i].Is("<") ? -1
                : 0;
            if (depth == 0)
            {
                return i - 1;
            }
        }

        return end;
    }

    private static string? Assigned(IReadOnlyList<Token> tokens, int text)
    {
        for (var i = text - 1; i >= 0 && text - i <= 4; i--)
        {
            var token = tokens[i];
            if (token.Kind == TokenKind.Text && i + 1 < text && tokens[i + 1].Is(":"))
            {
                return token.Value;
            }

            if (token.Kind == TokenKind.Word)
            {
                // A type between the name and the sign of assignment: const account: string = "…"
                return i > 1 && tokens[i - 1].Is(":") && tokens[i - 2].Kind == TokenKind.Word ? tokens[i - 2].Value : token.Value;
            }

            if (
                token.Kind == TokenKind.Text
                || !(token.Is("=") || token.Is(":") || token.Is("(") || token.Is("?") || token.Is("[") || token.Is("&"))
            )
            {
                return null;
            }
        }

        return null;
    }
}
