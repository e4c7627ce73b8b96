namespace Sluice.Boundary.Files;

/// <summary>Something that could not be checked, and why. It is never passed over in silence.</summary>
/// <param name="Fatal">True where a violation may hide behind it: the check as a whole is then not clean.</param>
internal sealed record Problem(string File, int Line, string Reason, bool Fatal);
