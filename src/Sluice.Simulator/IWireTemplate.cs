using System.Text;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>One wire in the simulator's own words: written by hand from the vendor's documentation, never by the product's codecs.</summary>
internal interface IWireTemplate
{
    /// <summary>Whether requests to this path speak this wire.</summary>
    bool Serves(string path);

    /// <summary>The request as Chat Completions or Messages would say it, which is what answers are composed from.</summary>
    JsonElement InWordsOfChat(JsonElement request) => request;

    /// <summary>The content type of a stream.</summary>
    string StreamType => "text/event-stream; charset=utf-8";

    /// <summary>A frame that is not JSON.</summary>
    string Malformed => "data: {\"broken\":\n\n";

    /// <summary>What a model that cannot stream says to a stream request; <see langword="null"/> where they all can.</summary>
    string? NoStream => null;

    /// <summary>The bytes of a frame.</summary>
    ReadOnlyMemory<byte> Encode(string frame) => Encoding.UTF8.GetBytes(frame);

    /// <summary>The header that names an error, where the body does not; <see langword="null"/> elsewhere.</summary>
    KeyValuePair<string, string>? ErrorHeader(int status, string? code) => null;

    /// <summary>A whole answer.</summary>
    string Whole(Answer answer, JsonElement request, string model);

    /// <summary>A stream: what comes before the content, the content frame by frame, and what comes after.</summary>
    StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault);

    /// <summary>An error body.</summary>
    string Error(int status, string? code, string message);

    /// <summary>An error in a stream.</summary>
    string ErrorFrame(string message);

    /// <summary>The answer to what is no call of a model, such as counting; <see langword="null"/> for a call.</summary>
    string? Direct(string path, JsonElement request) => null;
}

/// <summary>The frames of a stream.</summary>
/// <param name="Head">Role, ids, starts: nothing a caller can use.</param>
/// <param name="Content">One frame or more a token.</param>
/// <param name="Tail">Finish, usage and the last frame.</param>
internal sealed record StreamScript(IReadOnlyList<string> Head, IReadOnlyList<string> Content, IReadOnlyList<string> Tail);
