namespace Sluice.Boundary.Ecosystems;

/// <summary>What a piece of source is that a rule may know.</summary>
internal enum MentionKind
{
    /// <summary>A module, namespace, crate or import path.</summary>
    Import,

    /// <summary>A type that is made or used, with its namespace where that is known.</summary>
    Type,

    /// <summary>A method or function that is called, by its last name.</summary>
    Call,

    /// <summary>A chain of members that is called, its parts joined by dots.</summary>
    Chain,

    /// <summary>A string, with the name it is assigned to.</summary>
    Text,
}

/// <summary>One thing a source file says.</summary>
/// <param name="InTest">In a part of the file that is only there for tests.</param>
internal readonly record struct Mention(MentionKind Kind, string What, int Line, string? Name = null, bool InTest = false);
