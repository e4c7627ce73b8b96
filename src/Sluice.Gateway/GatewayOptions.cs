using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Sluice.Configuration;
using Sluice.Ledger;

namespace Sluice.Gateway;

/// <summary>How a gateway is started.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Reads and compiles the configuration.</summary>
    public required Func<long, Snapshot> Load { get; init; }

    /// <summary>Whether files and keys are looked at now and then; changes are otherwise taken over when an operator asks for it.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>Where ledger, keys and the admin key are kept.</summary>
    public required string Data { get; init; }

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 4180;

    /// <summary>The admin listener, on loopback always; 0 takes a free port.</summary>
    public int AdminPort { get; init; }

    public X509Certificate2? Certificate { get; init; }

    /// <summary>A proxy in front ends TLS; stated by whoever starts the gateway on an open address.</summary>
    public bool TrustedProxy { get; init; }

    /// <summary>Answers come from the built-in simulator.</summary>
    public bool Sandbox { get; init; }

    public EngineOptions Engine { get; init; } = new();

    /// <summary>What listens, in place of sockets: its first address is for callers, its second for operators.</summary>
    public IServer? Server { get; init; }

    /// <summary>The ledger, in place of the one in the data directory.</summary>
    public Func<LedgerSettings, LedgerBook>? Ledger { get; init; }

    /// <summary>Whether the framework's own log is written to the console.</summary>
    public bool Log { get; init; } = true;
}

/// <summary>A gateway cannot be started so; the message says what to change.</summary>
internal sealed class GatewayException(string message) : Exception(message);
