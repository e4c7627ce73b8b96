using Sluice.Calls;

namespace Sluice.Wires;

/// <summary>A request body with what was read from it in one scan.</summary>
internal sealed class RequestHead
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The model or route the caller named.</summary>
    public required string Model { get; init; }

    public required CallFeatures Features { get; init; }

    /// <summary>Whether the caller asked for usage in a stream himself; else a usage-only frame is hidden from him.</summary>
    public bool UsageAsked { get; init; }

    /// <summary>Where the top-level members stand in <see cref="Body"/>.</summary>
    public required IReadOnlyList<MemberSpan> Members { get; init; }

    /// <summary>The member of this name, or <see langword="null"/>.</summary>
    public MemberSpan? Find(string name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The bytes of a member's value; empty when it is absent or <c>null</c>.</summary>
    public ReadOnlySpan<byte> Value(string name)
    {
        var member = Find(name);
        var value = member is { } found ? Body.Span[found.ValueStart..found.End] : default;
        return value.SequenceEqual("null"u8) ? default : value;
    }
}

/// <summary>One member of a JSON object as byte offsets into the body it was read from.</summary>
/// <param name="Name">The member's name, unescaped.</param>
/// <param name="Start">Where its name token begins (the opening quote).</param>
/// <param name="ValueStart">Where its value begins.</param>
/// <param name="End">One past the last byte of its value.</param>
internal readonly record struct MemberSpan(string Name, int Start, int ValueStart, int End);

/// <summary>A request that is wrong in itself; the message may reach the caller.</summary>
internal sealed class RequestException(string message, string? parameter = null) : Exception(message)
{
    /// <summary>The member that is wrong, as a path.</summary>
    public string? Parameter { get; } = parameter;
}
