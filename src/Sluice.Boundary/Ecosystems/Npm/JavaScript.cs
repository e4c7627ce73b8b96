namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>JavaScript and TypeScript: imports in all their forms, clients that are made, bindings that are called.</summary>
internal sealed class JavaScript : ILanguage
{
    private static readonly string[] Plain = [".ts", ".mts", ".cts"];
    private static readonly string[] WithElements = [".tsx", ".js", ".jsx", ".mjs", ".cjs"];
    private static readonly string[] PagesWithHoles = [".vue", ".svelte", ".astro"];
    private static readonly string[] Pages = [".html", ".htm"];

    public string Ecosystem => Rules.Ecosystem.Npm;

    public bool Reads(string path) => Has(path, Plain) || Has(path, WithElements) || Has(path, PagesWithHoles) || Has(path, Pages);

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var tokens =
            Has(path, PagesWithHoles) ? JavaScriptLexer.ReadPage(text, hasHoles: true)
            : Has(path, Pages) ? JavaScriptLexer.ReadPage(text, hasHoles: false)
            : JavaScriptLexer.Read(text, Has(path, WithElements));
        JavaScriptImports.Read(tokens, mentions);
        MemberChains.Texts(tokens, mentions);

        var names = JavaScriptNames.Read(tokens);
        var calls = new List<Mention>();
        MemberChains.Calls(tokens, calls);
        foreach (var call in calls)
        {
            mentions.Add(call);
            if (call.Kind == MentionKind.Chain && names.Whole(call.What) is { } whole)
            {
                mentions.Add(call with { What = whole });
            }
        }

        for (var i = 1; i < tokens.Count; i++)
        {
            if (
                tokens[i - 1].Is("new")
                && tokens[i].Kind == TokenKind.Word
                && Made(tokens, i) is var made
                && !names.Bound.Contains(made.Value)
            )
            {
                mentions.Add(new Mention(MentionKind.Type, made.Value, made.Line));
            }
        }
    }

    /// <summary><c>new sdk.Client()</c> makes a <c>Client</c>.</summary>
    private static Token Made(List<Token> tokens, int i)
    {
        while (i + 2 < tokens.Count && tokens[i + 1].Is(".") && tokens[i + 2].Kind == TokenKind.Word)
        {
            i += 2;
        }

        return tokens[i];
    }

    private static bool Has(string path, string[] extensions) =>
        Array.Exists(extensions, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
