namespace Sluice.Cli;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>What was asked did not work out: a call failed, a check found something.</summary>
    public const int Failed = 1;

    /// <summary>It could not be tried: bad configuration, bad arguments, data in use.</summary>
    public const int Refused = 2;

    public const int Interrupted = 130;
}

/// <summary>Something the user can mend; the message says how.</summary>
internal sealed class UserException(string message) : Exception(message);
