namespace Sluice.Boundary.Ecosystems;

/// <summary>What a piece of source is that a rule may know.</summary>
internal enum MentionKind
{
    /// <summary>A module, namespace, crate or import path.</summary>
    Import,

    /// <summary>
    /// A qualified name in code that may begin with a module, or with something of the same name. It counts where the unit asks for a package that has the module.
    /// </summary>
    Path,

    /// <summary>A package that the source file asks for by itself.</summary>
    Package,

    /// <summary>A namespace, type or function that the file itself makes: by that name it is the repository's own.</summary>
    Declaration,

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
/// <param name="Name">What a text is assigned to; the namespace around an import or path, where names are looked for in it first.</param>
/// <param name="InTest">In a part of the file that is only there for tests.</param>
internal readonly record struct Mention(MentionKind Kind, string What, int Line, string? Name = null, bool InTest = false);
