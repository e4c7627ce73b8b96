using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Json;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary><c>:countTokens</c>, of a conversation or of a whole request.</summary>
internal sealed class GeminiCounting(IClientProtocol protocol) : ITokenCounting
{
    /// <summary>The member that holds a whole request and names its model once more.</summary>
    private const string Whole = "generateContentRequest";

    public IClientProtocol Protocol => protocol;

    public ReadOnlyMemory<byte> BodyFor(RequestHead head, Target target)
    {
        var splicer = new Splicer(head.Members);
        if (head.Members.Object(Whole)?.Find("model") is not null)
        {
            splicer.Set($"{Whole}.model", JsonText.Quote($"models/{target.Model}"));
        }

        return splicer.Apply();
    }

    public JsonObject Estimate(long tokens) =>
        new()
        {
            ["totalTokens"] = tokens,
            ["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = tokens }),
        };
}
