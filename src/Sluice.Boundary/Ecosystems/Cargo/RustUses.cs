namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>One name that a <c>use</c> or <c>extern crate</c> brings in.</summary>
/// <param name="Path">The whole path; without the star of a glob.</param>
/// <param name="Name">What it is called here.</param>
/// <param name="IsAbsolute">It begins with <c>::</c>, so that its first part is a crate.</param>
/// <param name="Token">Where the declaration begins.</param>
/// <param name="End">Behind the declaration.</param>
internal readonly record struct RustUse(string Path, string Name, bool IsRenamed, bool IsAbsolute, int Line, int Token, int End);

/// <summary>Reads <c>use a::b::{c, d as e, f::*}</c> and <c>extern crate a as b</c>.</summary>
internal static class RustUses
{
    private const int MaximumDepth = 64;

    public static List<RustUse> Read(List<Token> tokens)
    {
        var uses = new List<RustUse>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var isCrate = tokens[i].Is("crate") && i > 0 && tokens[i - 1].Is("extern");
            if ((isCrate || IsUse(tokens, i)) && i + 1 < tokens.Count)
            {
                var tree = new Tree(tokens, uses.Count, i + 1, uses);
                tree.Read("", -1, isCrate, 0);
                for (var u = tree.First; u < uses.Count; u++)
                {
                    uses[u] = uses[u] with { Token = i, End = Math.Min(tree.Position, tokens.Count) };
                }

                i = Math.Max(i, tree.Position - 1);
            }
        }

        return uses;
    }

    /// <summary>It begins a statement; <c>use&lt;'a&gt;</c> in a bound does not.</summary>
    private static bool IsUse(List<Token> tokens, int i) =>
        tokens[i].Is("use")
        && i + 1 < tokens.Count
        && (tokens[i + 1].Kind == TokenKind.Word || tokens[i + 1].Is("::") || tokens[i + 1].Is("{"));

    private sealed class Tree(List<Token> tokens, int first, int start, List<RustUse> uses)
    {
        public int First => first;

        public int Position { get; private set; } = start;

        /// <param name="line">That of the path's first part; -1 at its beginning.</param>
        public void Read(string path, int line, bool isAbsolute, int depth)
        {
            var name = "";
            while (Position < tokens.Count)
            {
                var token = tokens[Position];
                if (token.Is("as"))
                {
                    Position++;
                    var alias = Position < tokens.Count && tokens[Position].Kind == TokenKind.Word ? tokens[Position++].Value : "_";
                    if (path.Length > 0)
                    {
                        uses.Add(new RustUse(path, alias, true, isAbsolute, line, 0, 0));
                    }

                    return;
                }

                if (token.Kind == TokenKind.Word)
                {
                    line = line < 0 ? token.Line : line;
                    name = token.Value == "self" && path.Length > 0 ? name : token.Value;
                    path = token.Value == "self" && path.Length > 0 ? path : Join(path, token.Value);
                    Position++;
                }
                else if (token.Is("::"))
                {
                    isAbsolute |= path.Length == 0;
                    Position++;
                }
                else if (token.Is("*"))
                {
                    Position++;
                }
                else if (token.Is("{") && depth < MaximumDepth)
                {
                    Group(path, line, isAbsolute, depth);
                    return;
                }
                else
                {
                    break;
                }
            }

            if (path.Length > 0)
            {
                uses.Add(new RustUse(path, name.Length > 0 ? name : Last(path), false, isAbsolute, line, 0, 0));
            }
        }

        private void Group(string path, int line, bool isAbsolute, int depth)
        {
            for (Position++; Position < tokens.Count && !tokens[Position].Is("}"); )
            {
                if (tokens[Position].Is(";"))
                {
                    return;
                }

                var before = Position;
                Read(path, line, isAbsolute, depth + 1);
                Position += Position < tokens.Count && (tokens[Position].Is(",") || Position == before) ? 1 : 0;
            }

            Position++;
        }

        private static string Join(string path, string part) => path.Length == 0 ? part : path + "::" + part;

        private static string Last(string path) => path[(path.LastIndexOf(':') + 1)..];
    }
}
