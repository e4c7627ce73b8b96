namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>JavaScript and TypeScript: imports in all their forms, clients that are made, bindings that are called.</summary>
internal sealed class JavaScript : ILanguage
{
    private static readonly string[] Extensions =
    [
        ".ts",
        ".tsx",
        ".mts",
        ".cts",
        ".js",
        ".jsx",
        ".mjs",
        ".cjs",
        ".vue",
        ".svelte",
        ".astro",
    ];

    public string Ecosystem => Rules.Ecosystem.Npm;

    public bool Reads(string path) => Array.Exists(Extensions, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var tokens = JavaScriptLexer.Read(text);
        Imports(tokens, mentions);
        MemberChains.Calls(tokens, mentions);
        MemberChains.Texts(tokens, mentions);
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i - 1].Is("new") && tokens[i].Kind == TokenKind.Word)
            {
                mentions.Add(new Mention(MentionKind.Type, tokens[i].Value, tokens[i].Line));
            }
        }
    }

    /// <summary>
    /// <c>import x from "m"</c>, <c>import "m"</c>, <c>export … from "m"</c>, <c>import x = require("m")</c>, <c>require("m")</c>,
    /// <c>require.resolve("m")</c>, <c>import("m")</c>.
    /// </summary>
    private static void Imports(List<Token> tokens, ICollection<Mention> mentions)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i] is not { Kind: TokenKind.Text } text || text.Value.StartsWith('.') || text.Value.StartsWith('/'))
            {
                continue;
            }

            var before = tokens[i - 1];
            var isImport =
                before.Is("from")
                || before.Is("import")
                || (before.Is("(") && i > 1 && (tokens[i - 2].Is("import") || tokens[i - 2].Is("require") || IsResolve(tokens, i - 2)));
            if (isImport && !(i > 1 && tokens[i - 2].Is(".") && before.Kind == TokenKind.Word))
            {
                mentions.Add(new Mention(MentionKind.Import, Module(text.Value), text.Line));
            }
        }
    }

    private static bool IsResolve(List<Token> tokens, int i) => i > 1 && tokens[i].Is("resolve") && tokens[i - 2].Is("require");

    /// <summary>Deno and bundlers write where a module comes from before its name.</summary>
    private static string Module(string specifier) =>
        specifier.StartsWith("npm:", StringComparison.Ordinal) ? NpmNames.Unversioned(specifier[4..]) : specifier;
}
