namespace Sluice.Calls;

/// <summary>What routing and money need to know of a request, without reading its content.</summary>
internal sealed record CallFeatures
{
    public bool Stream { get; init; }

    /// <summary>The caller's explicit output limit, in tokens.</summary>
    public long? OutputLimit { get; init; }

    /// <summary>How many answers were asked for (<c>n</c>); at least 1.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many inputs are read apart, each with the whole window to itself: the texts of an embedding call.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>The thinking budget asked for, in tokens; an output limit must stay above it.</summary>
    public long? ThinkingBudget { get; init; }

    public bool Tools { get; init; }

    /// <summary>Tools that the provider runs itself; each round may read the whole window again.</summary>
    public bool ServerTools { get; init; }

    /// <summary>How many images the input has: each counts for more tokens than its bytes may tell.</summary>
    public int Images { get; init; }

    /// <summary>
    /// Input that its bytes do not bound: content that stands elsewhere (file id, URL, cached content), or a compressed document.
    /// Counts as a whole window.
    /// </summary>
    public bool UnboundedInput { get; init; }

    /// <summary>The provider keeps state or works on after the answer (<c>store</c>, <c>background</c>); an unknown failure is not tried elsewhere.</summary>
    public bool Stateful { get; init; }

    /// <summary>State at a provider that the call goes on from: only the one that keeps it can answer.</summary>
    public IReadOnlyList<StateReference> State { get; init; } = [];
}

/// <summary>A mention of something a provider keeps.</summary>
/// <param name="Member">The member that names it, <c>previous_response_id</c>.</param>
/// <param name="Id">Its id.</param>
internal sealed record StateReference(string Member, string Id);
