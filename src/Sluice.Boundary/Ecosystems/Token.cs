namespace Sluice.Boundary.Ecosystems;

internal enum TokenKind
{
    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A string, without its quotes; holes of a template stand as they are.</summary>
    Text,

    /// <summary>One character that is neither.</summary>
    Symbol,
}

/// <summary>A piece of source. Comments and space are none.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Value, int Line)
{
    public bool Is(string word) => Kind != TokenKind.Text && Value == word;
}
