using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Chat;

/// <summary>Shows an answer as it comes, then its target and cost; or all of it as one JSON object.</summary>
internal sealed class ChatScreen(bool json)
{
    private readonly StringBuilder _text = new();

    public void Write(string text)
    {
        _text.Append(text);
        if (!json)
        {
            Console.Write(text);
        }
    }

    /// <summary>The answer is whole.</summary>
    /// <param name="receipt">As the gateway writes it.</param>
    /// <returns>The exit code.</returns>
    public int Close(JsonElement receipt)
    {
        var usage = receipt.GetProperty("usage");
        if (json)
        {
            var shown = new JsonObject
            {
                ["text"] = _text.ToString(),
                ["call"] = Text(receipt, "call"),
                ["route"] = Text(receipt, "actualRoute"),
                ["target"] = Text(receipt, "target"),
                ["attempts"] = receipt.GetProperty("attempts").GetArrayLength(),
                ["inputTokens"] = Number(usage, "inputTokens"),
                ["outputTokens"] = Number(usage, "outputTokens"),
                ["cost"] = receipt.GetProperty("cost").GetDecimal(),
            };
            Console.WriteLine(shown.ToJsonString(JsonSerializerOptions.Default));
            return ExitCode.Done;
        }

        Console.WriteLine();
        foreach (var attempt in receipt.GetProperty("attempts").EnumerateArray().Where(a => Text(a, "outcome") != "Completed"))
        {
            Console.WriteLine($"— {Text(attempt, "target")} failed: {Text(attempt, "failure")}, {Text(attempt, "reason")}");
        }

        foreach (var rejection in receipt.GetProperty("rejections").EnumerateArray())
        {
            Console.WriteLine($"— {Text(rejection, "target")} not tried: {Text(rejection, "reason")}");
        }

        Console.WriteLine(
            $"— {Text(receipt, "target")} by route {Text(receipt, "actualRoute")}, {Number(usage, "inputTokens")} + {Number(usage, "outputTokens")} tokens, {receipt.GetProperty("cost").GetRawText()} USD, {Text(receipt, "call")}"
        );
        return ExitCode.Done;
    }

    /// <summary>There is no answer.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(string reason)
    {
        Console.Error.WriteLine(reason);
        return ExitCode.Failed;
    }

    /// <summary>The answer has begun and will not be whole.</summary>
    /// <returns>The exit code.</returns>
    public static int Cut(string reason) => Fail($"\nthe answer was cut: {reason}");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
