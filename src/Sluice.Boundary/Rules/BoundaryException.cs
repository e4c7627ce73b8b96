using System.Collections.Generic;
using System.Linq;

namespace Sluice.Boundary.Rules;

/// <summary>Something in a rule or boundary file that cannot be used: where, what stands there, and what would do.</summary>
internal sealed record BoundaryError(string File, int Line, string Path, string Message)
{
    public override string ToString() => $"{File}:{Line}: {(Path.Length > 0 ? Path + ": " : "")}{Message}";
}

/// <summary>Rules or a boundary file are wrong. The message holds every error on a line of its own, and may be shown.</summary>
internal sealed class BoundaryException(IReadOnlyList<BoundaryError> errors)
    : Exception(string.Join("\n", errors.OrderBy(e => e.Line).Select(e => e.ToString())))
{
    /// <summary>In the order of their lines.</summary>
    public IReadOnlyList<BoundaryError> Errors { get; } = [.. errors.OrderBy(e => e.Line)];
}
