namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>Rust: crates that are used, renamed, or named by full path, and what of it is there for tests only.</summary>
internal sealed class Rust : ILanguage
{
    private static readonly HashSet<string> OwnRoots = ["self", "super", "crate", "Self"];

    public string Ecosystem => Rules.Ecosystem.Cargo;

    public bool Reads(string path) => path.EndsWith(".rs", StringComparison.OrdinalIgnoreCase);

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var tokens = RustLexer.Read(text);
        var uses = RustUses.Read(tokens);
        var bound = new HashSet<string>(
            uses.Where(u => u.Path.Contains("::", StringComparison.Ordinal) || u.IsRenamed).Select(u => u.Name)
        );
        var modules = new HashSet<string>();
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i - 1].Is("mod") && tokens[i].Kind == TokenKind.Word)
            {
                modules.Add(tokens[i].Value);
            }
        }

        var found = new List<Mention>();
        var used = new bool[tokens.Count];
        foreach (var use in uses)
        {
            Array.Fill(used, true, use.Token, used[use.Token] ? 0 : use.End - use.Token);
            if (IsCrate(use.Path, use.IsAbsolute))
            {
                found.Add(new Mention(MentionKind.Import, use.Path, use.Line));
            }
        }

        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (
                tokens[i].Kind == TokenKind.Word
                && tokens[i + 1].Is("::")
                && BeginsPath(tokens, i, out var isAbsolute)
                && (isAbsolute || !bound.Contains(tokens[i].Value))
                && !used[i]
                && Full(tokens, i) is var full
                && IsCrate(full, isAbsolute)
            )
            {
                found.Add(new Mention(isAbsolute ? MentionKind.Import : MentionKind.Path, full, tokens[i].Line));
            }
        }

        MemberChains.Calls(tokens, found);
        MemberChains.Texts(tokens, found);
        var tests = RustTests.Lines(tokens);
        foreach (var mention in found)
        {
            mentions.Add(tests[mention.Line] ? mention with { InTest = true } : mention);
        }

        bool IsCrate(string path, bool isAbsolute)
        {
            var end = path.IndexOf("::", StringComparison.Ordinal);
            var root = end < 0 ? path : path[..end];
            return !OwnRoots.Contains(root) && (isAbsolute || !modules.Contains(root));
        }
    }

    /// <summary>The word is the first of its path. <c>::a</c> begins one, <c>x::a</c> and <c>x.a</c> do not.</summary>
    private static bool BeginsPath(List<Token> tokens, int i, out bool isAbsolute)
    {
        isAbsolute = false;
        if (i == 0)
        {
            return true;
        }

        if (tokens[i - 1].Is("::"))
        {
            isAbsolute = i < 2 || (tokens[i - 2].Kind != TokenKind.Word && !tokens[i - 2].Is(">")) || tokens[i - 2].Is("in");
            return isAbsolute;
        }

        return !tokens[i - 1].Is(".") && !tokens[i - 1].Is("mod") && !tokens[i - 1].Is("$");
    }

    private static string Full(List<Token> tokens, int start)
    {
        var parts = new List<string> { tokens[start].Value };
        for (var i = start + 1; i + 1 < tokens.Count && tokens[i].Is("::") && tokens[i + 1].Kind == TokenKind.Word; i += 2)
        {
            parts.Add(tokens[i + 1].Value);
        }

        return string.Join("::", parts);
    }
}
