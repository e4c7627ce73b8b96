namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>Python: imports wherever they stand, clients that are made, strings; notebooks cell by cell.</summary>
internal sealed class Python : ILanguage
{
    private static readonly string[] Extensions = [".py", ".pyi", ".pyw", ".ipynb"];

    // Functions whose first argument is a module that is loaded.
    private static readonly HashSet<string> Loaders = ["import_module", "__import__", "importorskip"];

    public string Ecosystem => Rules.Ecosystem.PyPi;

    public bool Reads(string path) => Array.Exists(Extensions, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        if (!path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
        {
            Read(text, mentions);
            InlineScript.Read(text, mentions);
            return;
        }

        var lines = Notebook.Code(text, out var code);
        var found = new List<Mention>();
        Read(code, found);
        foreach (var mention in found)
        {
            mentions.Add(mention with { Line = lines[Math.Clamp(mention.Line - 1, 0, lines.Count - 1)] });
        }
    }

    private static void Read(string text, ICollection<Mention> mentions)
    {
        var tokens = PythonLexer.Read(text);
        var bound = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Is("import") && BeginsStatement(tokens, i))
            {
                Import(tokens, i + 1, mentions);
            }
            else if (tokens[i].Is("from") && BeginsStatement(tokens, i))
            {
                From(tokens, i + 1, mentions, bound);
            }
            else if (IsLoader(tokens, i) && !tokens[i + 2].Value.StartsWith('.'))
            {
                mentions.Add(new Mention(MentionKind.Import, tokens[i + 2].Value, tokens[i + 2].Line));
            }
            else if (i > 0 && tokens[i].Kind == TokenKind.Word && (tokens[i - 1].Is("class") || tokens[i - 1].Is("def")))
            {
                bound.Add(tokens[i].Value);
            }
        }

        Calls(tokens, bound, mentions);
        MemberChains.Texts(tokens, mentions);
    }

    /// <summary>A name that the file itself imports or declares says where it is from; only the others are evidence by themselves.</summary>
    private static void Calls(List<Token> tokens, HashSet<string> bound, ICollection<Mention> mentions)
    {
        var calls = new List<Mention>();
        MemberChains.Calls(tokens, calls);
        foreach (var call in calls)
        {
            if (call.Kind == MentionKind.Chain)
            {
                mentions.Add(call);
            }
            else if (!bound.Contains(call.What))
            {
                mentions.Add(call with { Kind = MentionKind.Type });
                mentions.Add(call);
            }
        }
    }

    /// <summary>No expression has these words at the beginning of a line, so a bracket that is not closed hides nothing.</summary>
    private static bool BeginsStatement(List<Token> tokens, int i) =>
        i == 0
        || tokens[i - 1].Line < tokens[i].Line
        || tokens[i - 1].Is(PythonLexer.LineEnd)
        || tokens[i - 1].Is(";")
        || tokens[i - 1].Is(":");

    private static bool IsLoader(List<Token> tokens, int i) =>
        i + 2 < tokens.Count
        && tokens[i].Kind == TokenKind.Word
        && Loaders.Contains(tokens[i].Value)
        && tokens[i + 1].Is("(")
        && tokens[i + 2].Kind == TokenKind.Text;

    /// <summary><c>import a.b, c as d</c>.</summary>
    private static void Import(List<Token> tokens, int i, ICollection<Mention> mentions)
    {
        while (i < tokens.Count)
        {
            var line = tokens[i].Line;
            var name = Dotted(tokens, ref i);
            if (name.Length == 0)
            {
                return;
            }

            mentions.Add(new Mention(MentionKind.Import, name, line));
            if (i + 1 < tokens.Count && tokens[i].Is("as"))
            {
                i += 2;
            }

            if (i >= tokens.Count || !tokens[i++].Is(","))
            {
                return;
            }
        }
    }

    /// <summary><c>from a.b import c, (d as e)</c>: what is imported may be a module or a name in one, so both are told, the module first.</summary>
    private static void From(List<Token> tokens, int i, ICollection<Mention> mentions, HashSet<string> bound)
    {
        var line = i < tokens.Count ? tokens[i].Line : 0;
        var isOwn = i < tokens.Count && tokens[i].Is(".");
        while (i < tokens.Count && tokens[i].Is("."))
        {
            i++;
        }

        var module = Dotted(tokens, ref i);
        if (i >= tokens.Count || !tokens[i].Is("import") || (module.Length == 0 && !isOwn))
        {
            return;
        }

        if (!isOwn)
        {
            mentions.Add(new Mention(MentionKind.Import, module, line));
        }

        for (i++; i < tokens.Count && !tokens[i].Is(PythonLexer.LineEnd) && !tokens[i].Is(";") && !tokens[i].Is(")"); i++)
        {
            if (tokens[i].Kind != TokenKind.Word || tokens[i].Is("as"))
            {
                continue;
            }

            bound.Add(tokens[i].Value);
            if (!isOwn && !tokens[i - 1].Is("as"))
            {
                mentions.Add(new Mention(MentionKind.Import, $"{module}.{tokens[i].Value}", line));
            }
        }
    }

    private static string Dotted(List<Token> tokens, ref int i)
    {
        var start = i;
        while (i < tokens.Count && tokens[i].Kind == TokenKind.Word && !tokens[i].Is("import") && !tokens[i].Is("as"))
        {
            i++;
            if (i >= tokens.Count || !tokens[i].Is("."))
            {
                break;
            }

            i++;
        }

        return string.Concat(tokens.Skip(start).Take(i - start).Select(t => t.Value)).TrimEnd('.');
    }
}
