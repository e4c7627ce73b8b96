using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Workers AI's native shape, which ends without a reason.</summary>
internal static class WorkersAiScript
{
    public static string Whole(JsonElement content, string finish) =>
        $$"""{"result":{{content}},"success":true,"errors":[],"messages":[]}""";

    public static byte[] Stream(JsonElement content, string finish) =>
        ProviderScript.Events(
            [
                .. ProviderScript.Halves(content.Text("response")).Select(t => $$"""{"response":{{ProviderScript.Quote(t)}}}"""),
                .. content.Items("tool_calls").Any() ? (IEnumerable<string>)[$$"""{"tool_calls":{{content.Get("tool_calls")}}}"""] : [],
            ],
            "data: [DONE]\n\n"
        );
}
