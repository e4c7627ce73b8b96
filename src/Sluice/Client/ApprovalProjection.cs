using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>The caller's word on a call that a provider's MCP server is to get: an item of Responses, which alone asks.</summary>
internal static class ApprovalProjection
{
    private const string Type = "mcp_approval_response";

    public static OpaquePart Read(ToolApprovalResponseContent approval)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("approval_request_id", approval.RequestId);
            json.WriteBoolean("approve", approval.Approved);
            if (approval.Reason is { } reason)
            {
                json.WriteString("reason", reason);
            }

            json.WriteEndObject();
        }

        return new OpaquePart(Type, JsonElement.Parse(buffer.WrittenSpan), WireKind.OpenAiResponses);
    }
}
