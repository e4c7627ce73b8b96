namespace Sluice.Routing;

/// <summary>By what the targets of a route are ordered; those behind the first follow as failover.</summary>
internal enum TargetOrder
{
    /// <summary>As they are written.</summary>
    Listed,

    /// <summary>By chance, each as often as its weight says; or always the same for one caller.</summary>
    Weighted,

    /// <summary>By what a call of this size costs at this moment.</summary>
    Cheapest,

    /// <summary>By how soon they answer at present.</summary>
    LeastLatency,

    /// <summary>The less busy of two that chance picks.</summary>
    LeastLoaded,
}

/// <summary>Whether a conversation stays with who answered it.</summary>
internal enum AffinityMode
{
    /// <summary>Where it matters to it.</summary>
    Auto,
    Off,
}

/// <summary>For whom a weighted order is always the same.</summary>
internal enum StickyBy
{
    None,
    Key,
    User,
    Tenant,
}
