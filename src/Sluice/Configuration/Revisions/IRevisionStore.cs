namespace Sluice.Configuration.Revisions;

/// <summary>Where revisions are kept.</summary>
internal interface IRevisionStore
{
    /// <summary>The number of the newest revision, refused ones included; 0 where there is none.</summary>
    long Last { get; }

    /// <summary>The newest revision that was not refused.</summary>
    Revision? InForce();

    void Add(Revision revision);

    /// <summary>Who said beforehand that he brings a configuration into force, by its digest; said once, it is taken once.</summary>
    ReloadCause? TakeAnnounced(string digest);
}
