namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>
/// <c>import x from "m"</c>, <c>import "m"</c>, <c>export … from "m"</c>, <c>import x = require("m")</c>, <c>require("m")</c>, <c>require.resolve("m")</c>,
/// <c>import("m")</c>, what <c>createRequire</c> made, and the test runners' ways to the real module.
/// </summary>
internal static class JavaScriptImports
{
    public static void Read(List<Token> tokens, ICollection<Mention> mentions)
    {
        var requires = Requires(tokens);
        for (var i = 1; i < tokens.Count; i++)
        {
            if (
                tokens[i] is { Kind: TokenKind.Text } text
                && !text.Value.StartsWith('.')
                && !text.Value.StartsWith('/')
                && IsImport(tokens, i, requires)
            )
            {
                mentions.Add(new Mention(MentionKind.Import, NpmNames.Module(text.Value), text.Line));
            }
        }
    }

    private static bool IsImport(List<Token> tokens, int text, HashSet<string> requires)
    {
        var before = tokens[text - 1];
        if (before.Is("from") || before.Is("import"))
        {
            return !IsMember(tokens, text - 1);
        }

        if (!before.Is("(") || text < 2)
        {
            return false;
        }

        var called = tokens[text - 2];
        return called.Kind switch
        {
            TokenKind.Word when called.Is("import") => !IsMember(tokens, text - 2) || tokens[text - 4].Is("System"),
            TokenKind.Word when called.Value is "requireActual" or "importActual" || requires.Contains(called.Value) => true,
            // require.resolve, import.meta.resolve
            TokenKind.Word when called.Value == "resolve" && text > 3 && tokens[text - 3].Is(".") => tokens[text - 4].Is("require")
                || tokens[text - 4].Is("meta"),
            // createRequire(import.meta.url)("m")
            TokenKind.Symbol when called.Is(")") => IsMadeHere(tokens, text - 2),
            _ => false,
        };
    }

    /// <summary>Names that load modules: <c>const load = createRequire(import.meta.url)</c>.</summary>
    private static HashSet<string> Requires(List<Token> tokens)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "require" };
        for (var i = 2; i < tokens.Count; i++)
        {
            if (!tokens[i].Is("createRequire"))
            {
                continue;
            }

            // Through the module it is from: module.createRequire
            var start = i > 2 && tokens[i - 1].Is(".") ? i - 2 : i;
            if (start > 1 && tokens[start - 1].Is("=") && tokens[start - 2].Kind == TokenKind.Word)
            {
                names.Add(tokens[start - 2].Value);
            }
        }

        return names;
    }

    private static bool IsMadeHere(List<Token> tokens, int close)
    {
        var depth = 0;
        for (var i = close; i > 0 && close - i < 32; i--)
        {
            depth +=
                tokens[i].Is(")") ? 1
                : tokens[i].Is("(") ? -1
                : 0;
            if (depth == 0)
            {
                return tokens[i - 1].Is("createRequire");
            }
        }

        return false;
    }

    private static bool IsMember(List<Token> tokens, int i) => i > 1 && tokens[i - 1].Is(".");
}
