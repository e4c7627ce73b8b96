using System.Text;

namespace Sluice.Tests.Wires.Conformance;

/// <summary>What a provider sends, and what has to come of it.</summary>
/// <param name="Body">The answer's bytes.</param>
/// <param name="Expected">The reading, in the words of <see cref="Reading"/>.</param>
internal sealed record Fixture(byte[] Body, string Expected)
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "text/event-stream";

    /// <summary>The connection breaks behind the last byte.</summary>
    public bool Breaks { get; init; }

    /// <summary>Why this wire cannot meet the trouble; then nothing is sent.</summary>
    public string? Lacks { get; private init; }

    public static Fixture Stream(string body, string expected) => new(Encoding.UTF8.GetBytes(body), expected);

    public static Fixture Json(int status, string body, string expected) =>
        new(Encoding.UTF8.GetBytes(body), expected) { Status = status, ContentType = "application/json" };

    /// <summary>The wire has no such thing.</summary>
    public static Fixture None(string because) => new([], "") { Lacks = because };
}

/// <summary>The written fixtures of one wire.</summary>
internal interface IFixtures
{
    /// <summary>A preset of data/providers.jsonc that speaks the wire.</summary>
    string Preset { get; }

    IReadOnlyDictionary<Trouble, Fixture> All { get; }
}
