using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>Parts of Gemini's own code execution as contents.</summary>
internal static class GeminiParts
{
    /// <summary>The id of a call that has none; its result follows it.</summary>
    private const string Unnamed = "code";

    public static AIContent Show(string type, JsonElement part)
    {
        var inner = part.Get(type) ?? default;
        var id = inner.Text("id") ?? Unnamed;
        return type switch
        {
            "executableCode" => new CodeInterpreterToolCallContent(id)
            {
                Inputs = [new DataContent(Encoding.UTF8.GetBytes(inner.Text("code") ?? ""), "text/x-python")],
            },
            "codeExecutionResult" => new CodeInterpreterToolResultContent(id)
            {
                Outputs =
                [
                    inner.Text("outcome") is "OUTCOME_OK" ? new TextContent(inner.Text("output")) : new ErrorContent(inner.Text("output")),
                ],
            },
            _ => new AIContent(),
        };
    }
}
