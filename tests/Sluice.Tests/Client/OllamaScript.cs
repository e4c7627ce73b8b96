using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Ollama: one message, line by line.</summary>
internal static class OllamaScript
{
    public static string Whole(JsonElement content, string finish) => Line(content.GetRawText(), finish);

    public static byte[] Stream(JsonElement content, string finish)
    {
        var lines = new List<string>();
        foreach (var member in (string[])["thinking", "content"])
        {
            lines.AddRange(
                ProviderScript
                    .Halves(content.Text(member))
                    .Select(t => $$"""{"role":"assistant","{{member}}":{{ProviderScript.Quote(t)}}}""")
            );
        }

        foreach (var member in (string[])["images", "tool_calls"])
        {
            lines.AddRange(
                content
                    .Items(member)
                    .Select(i =>
                        $$"""{"role":"assistant","content":"","{{member}}":[{{(i.ValueKind == JsonValueKind.String ? ProviderScript.Quote(i.GetString()!) : i.GetRawText())}}]}"""
                    )
            );
        }

        return Encoding.UTF8.GetBytes(
            string.Concat(lines.Select(l => Line(l, null) + "\n")) + Line("""{"role":"assistant","content":""}""", finish) + "\n"
        );
    }

    private static string Line(string message, string? finish) =>
        finish is null
            ? $$"""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{{message}},"done":false}"""
            : $$"""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{{message}},"done":true,"done_reason":"{{finish}}","prompt_eval_count":5,"eval_count":3}""";
}
