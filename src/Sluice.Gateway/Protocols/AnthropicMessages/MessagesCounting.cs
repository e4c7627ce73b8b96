using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Json;

namespace Sluice.Gateway.Protocols.AnthropicMessages;

/// <summary><c>/v1/messages/count_tokens</c>.</summary>
internal sealed class MessagesCounting : ITokenCounting
{
    public IClientProtocol Protocol { get; } = new MessagesProtocol();

    public ReadOnlyMemory<byte> BodyFor(RequestHead head, Target target)
    {
        var splicer = new Splicer(head.Members);
        splicer.Set("model", JsonText.Quote(target.Model));
        return splicer.Apply();
    }

    public JsonObject Estimate(long tokens) => new() { ["input_tokens"] = tokens };
}
