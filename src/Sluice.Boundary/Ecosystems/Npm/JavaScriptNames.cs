namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>What the names of a file stand for: those it imports or declares itself, and those that are a part of something else.</summary>
internal sealed class JavaScriptNames
{
    private readonly Dictionary<string, string> parts = new(StringComparer.Ordinal);

    /// <summary>Imported or declared here: where it is from is said there.</summary>
    public HashSet<string> Bound { get; } = new(StringComparer.Ordinal);

    public static JavaScriptNames Read(List<Token> tokens)
    {
        var names = new JavaScriptNames();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i - 1].Is("class") && tokens[i].Kind == TokenKind.Word)
            {
                names.Bound.Add(tokens[i].Value);
            }
            else if (tokens[i].Is("import"))
            {
                names.Import(tokens, i + 1);
            }
            else if (tokens[i].Is("const") || tokens[i].Is("let") || tokens[i].Is("var"))
            {
                names.Declaration(tokens, i + 1);
            }
        }

        return names;
    }

    /// <summary>A chain whose first name is a part of another chain, with that before it; null where it is not.</summary>
    public string? Whole(string chain)
    {
        var end = chain.IndexOf('.', StringComparison.Ordinal);
        return parts.TryGetValue(end < 0 ? chain : chain[..end], out var whole) ? whole + (end < 0 ? "" : chain[end..]) : null;
    }

    private void Import(List<Token> tokens, int i)
    {
        for (
            var end = Math.Min(tokens.Count, i + 512);
            i < end && tokens[i].Kind != TokenKind.Text && !tokens[i].Is("(") && !tokens[i].Is(";");
            i++
        )
        {
            if (tokens[i].Kind == TokenKind.Word && !tokens[i].Is("from"))
            {
                Bound.Add(tokens[i].Value);
            }
        }
    }

    /// <summary><c>const { AI, DB: db } = this.env</c>, <c>const ai = env.AI</c>, <c>const { OpenAI } = require("openai")</c>.</summary>
    private void Declaration(List<Token> tokens, int i)
    {
        var named = new List<(string Part, string Name)>();
        if (i < tokens.Count && tokens[i].Kind == TokenKind.Word)
        {
            named.Add(("", tokens[i++].Value));
        }
        else if (i < tokens.Count && tokens[i].Is("{"))
        {
            for (i++; i < tokens.Count && named.Count < 64 && !tokens[i].Is("}"); i++)
            {
                if (tokens[i].Kind != TokenKind.Word)
                {
                    continue;
                }

                var renamed = i + 2 < tokens.Count && tokens[i + 1].Is(":") && tokens[i + 2].Kind == TokenKind.Word;
                named.Add((tokens[i].Value, tokens[renamed ? i + 2 : i].Value));
                i += renamed ? 2 : 0;
            }

            i++;
        }

        if (i >= tokens.Count || !tokens[i].Is("="))
        {
            return;
        }

        i += i + 1 < tokens.Count && tokens[i + 1].Is("await") ? 2 : 1;
        if (i < tokens.Count && (tokens[i].Is("require") || tokens[i].Is("import") || tokens[i].Is("class")))
        {
            named.ForEach(n => Bound.Add(n.Name));
            return;
        }

        Parts(tokens, i, named);
    }

    private void Parts(List<Token> tokens, int i, List<(string Part, string Name)> named)
    {
        var chain = new List<string>();
        for (; i < tokens.Count && chain.Count < 8 && tokens[i].Kind == TokenKind.Word; i++)
        {
            chain.Add(tokens[i].Value);
            while (
                i + 1 < tokens.Count && (tokens[i + 1].Is("!") || (tokens[i + 1].Is("?") && i + 2 < tokens.Count && tokens[i + 2].Is(".")))
            )
            {
                i++;
            }

            if (i + 1 >= tokens.Count || !tokens[++i].Is("."))
            {
                break;
            }
        }

        // What a call answers is something else than what it is called on.
        if (chain.Count == 0 || (i < tokens.Count && (tokens[i].Is("(") || tokens[i].Is("["))))
        {
            return;
        }

        var whole = string.Join('.', chain);
        foreach (var (part, name) in named)
        {
            parts[name] = part.Length == 0 ? whole : $"{whole}.{part}";
        }
    }
}
