namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>C#: namespaces that are used or named in full, types that are made or asked for, methods that register a client, packages that a script asks for.</summary>
internal sealed class CSharp : ILanguage
{
    private static readonly string[] Extensions = [".cs", ".csx", ".razor", ".cshtml"];

    /// <summary>Words behind which an expression begins, so that a name with brackets is a call.</summary>
    private static readonly HashSet<string> BeforeExpression =
    [
        "return",
        "await",
        "new",
        "throw",
        "else",
        "do",
        "in",
        "is",
        "as",
        "case",
        "when",
        "and",
        "or",
        "not",
        "yield",
        "using",
        "lock",
        "out",
        "ref",
        "select",
        "where",
        "from",
        "by",
        "on",
        "equals",
        "goto",
        "typeof",
        "nameof",
        "sizeof",
        "default",
    ];

    private static readonly HashSet<string> TypeKinds = ["class", "struct", "record", "interface", "enum", "delegate"];

    public string Ecosystem => Rules.Ecosystem.NuGet;

    public bool Reads(string path) => Array.Exists(Extensions, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var tokens = CSharpLexer.Read(text);
        var closing = Brackets(tokens);
        var spaces = new Namespaces();
        for (var i = 0; i < tokens.Count; i++)
        {
            spaces.Step(tokens[i]);
            if (tokens[i].Kind != TokenKind.Word)
            {
                continue;
            }

            if (tokens[i].Value is "#r" or "#:package" && i + 1 < tokens.Count)
            {
                Package(tokens[i], tokens[i + 1].Value, mentions);
            }
            else if (tokens[i].Is("using") && Using(tokens, i, spaces.Around, mentions) is > 0 and var end)
            {
                i = end;
            }
            else if (tokens[i].Is("namespace") && i + 1 < tokens.Count && tokens[i + 1].Kind == TokenKind.Word)
            {
                var name = Qualified(tokens, i + 1, out var last);
                mentions.Add(
                    new Mention(
                        MentionKind.Declaration,
                        spaces.Enter(name, last + 1 < tokens.Count && tokens[last + 1].Is(";")),
                        tokens[i].Line
                    )
                );
                i = last;
            }
            else if (BeginsName(tokens, i))
            {
                Name(tokens, i, spaces.Around, mentions);
            }
        }

        MemberChains.Calls(tokens, mentions, i => IsDeclaration(tokens, closing, i, mentions));
        MemberChains.Texts(tokens, mentions);
    }

    private static void Package(Token directive, string value, ICollection<Mention> mentions)
    {
        if (directive.Value == "#r" && !value.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var name = directive.Value == "#r" ? value["nuget:".Length..] : value;
        var end = name.IndexOfAny(['@', ',', '/']);
        mentions.Add(new Mention(MentionKind.Package, (end < 0 ? name : name[..end]).Trim(), directive.Line));
    }

    /// <summary>The last token of a directive, or 0 where it is a statement.</summary>
    private static int Using(List<Token> tokens, int start, string around, ICollection<Mention> mentions)
    {
        var i = start + 1;
        while (i < tokens.Count && (tokens[i].Is("static") || tokens[i].Is("unsafe")))
        {
            i++;
        }

        if (i + 1 < tokens.Count && tokens[i].Kind == TokenKind.Word && tokens[i + 1].Is("="))
        {
            i += 2;
        }

        if (i >= tokens.Count || tokens[i].Kind != TokenKind.Word)
        {
            return 0;
        }

        var line = tokens[i].Line;
        var name = Qualified(tokens, i, out var last);
        if (last + 1 < tokens.Count && (tokens[last + 1].Is(";") || (tokens[last + 1].Is("<") && i > start + 2)))
        {
            mentions.Add(new Mention(MentionKind.Import, name, line, around));
            return last;
        }

        return 0;
    }

    /// <summary>A name in code: what a type is where one stands, and a namespace where it has several parts.</summary>
    private static void Name(List<Token> tokens, int start, string around, ICollection<Mention> mentions)
    {
        var name = Qualified(tokens, start, out var last);
        var before = start > 0 ? tokens[start - 1] : default;
        var after = last + 1 < tokens.Count ? tokens[last + 1] : default;
        var shortName = tokens[last].Value;
        if (before.Kind == TokenKind.Word && TypeKinds.Contains(before.Value) && !before.Is("delegate"))
        {
            mentions.Add(new Mention(MentionKind.Declaration, shortName, tokens[last].Line));
            return;
        }

        var isGlobal = name.Length > 0 && tokens[start].Is("global") && start + 1 < tokens.Count && tokens[start + 1].Is("::");
        var isMade = before.Is("new");
        var isType = isMade || isGlobal || IsTypePlace(tokens, start, last, before, after);
        if (isType)
        {
            mentions.Add(new Mention(MentionKind.Type, shortName, tokens[last].Line));
        }

        if (name.Contains('.', StringComparison.Ordinal))
        {
            mentions.Add(new Mention(isType ? MentionKind.Import : MentionKind.Path, name, tokens[start].Line, isGlobal ? null : around));
        }
    }

    /// <summary><c>X y</c>, <c>X&lt;…&gt; y</c>, <c>&lt;X&gt;</c>, <c>typeof(X)</c>, <c>: X {</c>, <c>(X y, …)</c>, <c>X? y</c>, <c>X[]</c>.</summary>
    private static bool IsTypePlace(List<Token> tokens, int start, int last, Token before, Token after)
    {
        if (
            before.Kind == TokenKind.Word
            && BeforeExpression.Contains(before.Value)
            && before.Value is not ("is" or "as" or "out" or "ref" or "in")
        )
        {
            return false;
        }

        var next = last + 2 < tokens.Count ? tokens[last + 2] : default;
        return (
                after.Kind == TokenKind.Word
                && after.Value is { Length: > 0 }
                && !BeforeExpression.Contains(after.Value)
                && after.Value != "switch"
            )
            || (
                after.Is("?")
                && next.Kind == TokenKind.Word
                && next.Value is { Length: > 0 }
                && last + 3 < tokens.Count
                && IsAfterDeclared(tokens[last + 3])
            )
            || (after.Is("[") && next.Is("]"))
            || (before.Is("<") && after.Is("?") && next.Is(">"))
            || (before.Is("<") && (after.Is(">") || after.Is(",")))
            || (before.Is(",") && after.Is(">"))
            || (before.Is("(") && after.Is(")") && start > 1 && tokens[start - 2].Is("typeof"))
            || before.Is("is")
            || before.Is("as");
    }

    private static bool IsAfterDeclared(Token token) =>
        token.Is(";") || token.Is("=") || token.Is(",") || token.Is(")") || token.Is("{") || token.Is("(");

    /// <summary>It does not go on with a member of what stands before.</summary>
    private static bool BeginsName(List<Token> tokens, int i) =>
        i == 0 || !(tokens[i - 1].Is(".") || tokens[i - 1].Is("::") || (tokens[i - 1].Is(">") && i > 1 && tokens[i - 2].Is("-")));

    /// <summary>The names joined by dots from here; without <c>global::</c>.</summary>
    private static string Qualified(List<Token> tokens, int start, out int last)
    {
        var parts = new List<string>();
        last = start;
        for (var i = start; i < tokens.Count && tokens[i].Kind == TokenKind.Word; i += 2)
        {
            last = i;
            if (i == start && i + 1 < tokens.Count && tokens[i + 1].Is("::"))
            {
                continue;
            }

            parts.Add(tokens[i].Value);
            if (i + 1 >= tokens.Count || !tokens[i + 1].Is("."))
            {
                break;
            }
        }

        return string.Join('.', parts);
    }

    /// <summary>
    /// The bracket begins the parameters of a method: a type stands before its name, and behind its brackets a body, a constraint, or nothing more. By its name
    /// it is the repository's own.
    /// </summary>
    private static bool IsDeclaration(List<Token> tokens, int[] closing, int bracket, ICollection<Mention> mentions)
    {
        var name = bracket - 1;
        if (name >= 0 && tokens[name].Is(">"))
        {
            var depth = 0;
            for (; name >= 0 && bracket - name < 64; name--)
            {
                depth +=
                    tokens[name].Is(">") ? 1
                    : tokens[name].Is("<") ? -1
                    : 0;
                if (depth == 0)
                {
                    break;
                }
            }

            name--;
        }

        if (name < 1 || tokens[name].Kind != TokenKind.Word || closing[bracket] < 0 || closing[bracket] + 1 >= tokens.Count)
        {
            return false;
        }

        var before = tokens[name - 1];
        var isTyped =
            (before.Kind == TokenKind.Word && !BeforeExpression.Contains(before.Value))
            || before.Is(">")
            || before.Is("]")
            || (before.Is("?") && name > 1 && tokens[name - 2].Kind == TokenKind.Word);
        var after = closing[bracket] + 1;
        var isBody =
            tokens[after].Is("{")
            || tokens[after].Is("where")
            || (tokens[after].Is("=") && after + 1 < tokens.Count && tokens[after + 1].Is(">"))
            || (tokens[after].Is(";") && before.Kind == TokenKind.Word);
        if (!isTyped || !isBody)
        {
            return false;
        }

        mentions.Add(new Mention(MentionKind.Declaration, tokens[name].Value, tokens[name].Line));
        return true;
    }

    /// <summary>By each opening round bracket, where it closes; -1 where it does not.</summary>
    private static int[] Brackets(List<Token> tokens)
    {
        var closing = new int[tokens.Count];
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            closing[i] = -1;
            if (tokens[i].Is("("))
            {
                open.Push(i);
            }
            else if (tokens[i].Is(")") && open.TryPop(out var start))
            {
                closing[start] = i;
            }
        }

        return closing;
    }
}
