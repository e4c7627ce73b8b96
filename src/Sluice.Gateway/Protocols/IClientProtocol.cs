using Sluice.Catalog;

namespace Sluice.Gateway.Protocols;

/// <summary>How one protocol tells its clients that something failed.</summary>
internal interface IClientProtocol
{
    WireKind Wire { get; }

    /// <summary>The body of an error.</summary>
    byte[] Error(ClientError error);

    /// <summary>The event of an error in a stream that had begun.</summary>
    byte[] ErrorEvent(ClientError error);
}
