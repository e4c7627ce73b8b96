using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Gateway.Protocols.OpenAiChat;

namespace Sluice.Gateway.Protocols.OpenAiResponses;

/// <summary>Errors as OpenAI's clients know them, and the event of a response that failed in the middle.</summary>
internal sealed class ResponsesProtocol : IClientProtocol
{
    private readonly ChatProtocol _errors = new();

    public WireKind Wire => WireKind.OpenAiResponses;

    public byte[] Error(ClientError error) => _errors.Error(error);

    public byte[] ErrorEvent(ClientError error) => ErrorEvent(error, CutAnswer.Nothing);

    public byte[] ErrorEvent(ClientError error, CutAnswer cut)
    {
        var failed = new JsonObject
        {
            ["type"] = "response.failed",
            ["sequence_number"] = cut.Events,
            ["response"] = new JsonObject
            {
                ["id"] = cut.Id,
                ["object"] = "response",
                ["created_at"] = cut.CreatedAt.ToUnixTimeSeconds(),
                ["status"] = "failed",
                ["background"] = false,
                ["error"] = new JsonObject { ["code"] = "server_error", ["message"] = error.Message },
                ["incomplete_details"] = null,
                ["instructions"] = null,
                ["max_output_tokens"] = null,
                ["model"] = cut.Model,
                ["output"] = new JsonArray(),
                ["parallel_tool_calls"] = true,
                ["previous_response_id"] = null,
                ["temperature"] = null,
                ["tool_choice"] = "auto",
                ["tools"] = new JsonArray(),
                ["top_p"] = null,
                ["usage"] = null,
                ["metadata"] = new JsonObject(),
            },
        };
        return [.. "event: response.failed\ndata: "u8, .. ErrorText.Utf8(failed), .. "\n\n"u8];
    }
}
