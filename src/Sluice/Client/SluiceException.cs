using Sluice.Calls;

namespace Sluice;

/// <summary>A call got no answer, or its answer was cut. The message says what was tried and may be shown.</summary>
/// <param name="message">What happened.</param>
/// <param name="receipt">Every attempt and refusal.</param>
/// <param name="inner">The cause.</param>
public sealed class SluiceException(string message, Receipt receipt, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Every attempt and refusal of the call.</summary>
    public Receipt Receipt { get; } = receipt;
}
