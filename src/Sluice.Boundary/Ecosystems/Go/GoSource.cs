namespace Sluice.Boundary.Ecosystems.Go;

/// <summary>Go source: imports, calls and strings.</summary>
internal sealed class GoSource : ILanguage
{
    public string Ecosystem => Rules.Ecosystem.Go;

    public bool Reads(string path) => path.EndsWith(".go", StringComparison.OrdinalIgnoreCase);

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var tokens = GoLexer.Read(text);
        var end = Imports(tokens, mentions);
        var code = tokens.GetRange(end, tokens.Count - end);
        MemberChains.Calls(code, mentions);
        MemberChains.Texts(code, mentions);
    }

    /// <summary>Imports stand before everything else: alone or in brackets, each with a name, a dot or an underscore before it where it has one.</summary>
    /// <returns>Where they end.</returns>
    private static int Imports(List<Token> tokens, ICollection<Mention> mentions)
    {
        var end = 0;
        for (var i = 0; i < tokens.Count && !IsDeclaration(tokens[i]); i++)
        {
            if (!tokens[i].Is("import"))
            {
                continue;
            }

            var inBrackets = i + 1 < tokens.Count && tokens[i + 1].Is("(");
            for (i++; i < tokens.Count && !tokens[i].Is(")"); i++)
            {
                if (tokens[i].Kind == TokenKind.Text)
                {
                    mentions.Add(new Mention(MentionKind.Import, tokens[i].Value, tokens[i].Line));
                    if (!inBrackets)
                    {
                        break;
                    }
                }
                else if (IsDeclaration(tokens[i]))
                {
                    return i;
                }
            }

            end = Math.Min(i + 1, tokens.Count);
        }

        return end;
    }

    private static bool IsDeclaration(Token token) => token.Kind == TokenKind.Word && token.Value is "func" or "var" or "const" or "type";
}
