using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>What the turns of one conversation have in common, and whether they are better answered by one target.</summary>
internal static class Conversation
{
    private static readonly string[] System = ["system", "systemInstruction", "system_instruction", "instructions"];

    private static readonly string[] Turns = ["messages", "contents", "input"];

    /// <summary>What stands in a turn that gives a tool's result; in text its quotes would be escaped.</summary>
    private static readonly byte[][] Results =
    [
        .. new[]
        {
            "\"tool_result\"",
            "\"functionResponse\"",
            "\"function_response\"",
            "\"toolResult\"",
            "\"function_call_output\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>
    /// The provider's own cache key, or what a conversation begins with: system and first question. Marks and types do not count:
    /// clients move them from turn to turn.
    /// </summary>
    public static UInt128 PrintOf(Call call, ClientRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{call.Caller.KeyPath}\n{call.RouteAsked}\n{call.Caller.Tenant}\n"));
        if (request.CacheKey is { } key)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(key));
        }
        else if (request.Head is { } head)
        {
            Append(hash, head.Members);
        }
        else
        {
            Append(hash, request.Records!);
        }

        Span<byte> print = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(print);
        return new UInt128(BitConverter.ToUInt64(print), BitConverter.ToUInt64(print[8..]));
    }

    /// <summary>Whether it matters who answers: he signed something in it, has its beginning in his cache, or waits for a tool's result.</summary>
    public static bool Sticks(ClientRequest request)
    {
        if (request.CacheKey is not null)
        {
            return true;
        }

        if (request.Head is not { } head)
        {
            return request.Records!.Messages is [.., var last] messages
                && (
                    last.Parts.Any(p => p is ToolResultPart)
                    || messages.Any(m => m.Parts.Any(p => p.Cache is not null || p is ReasoningPart { IsSigned: true }))
                    || request.Records.System.Any(p => p.Cache is not null)
                );
        }

        var body = head.Body.Span;
        return Signatures.In(body)
            || Signatures.MayBeBareIn(body)
            || body.IndexOf("\"cache_control\""u8) >= 0
            || body.IndexOf("\"cachePoint\""u8) >= 0
            || EndsWithAResult(TurnsOf(head.Members));
    }

    private static ReadOnlySpan<byte> TurnsOf(JsonMembers members)
    {
        foreach (var name in Turns)
        {
            if (members.Value(name) is { IsEmpty: false } turns)
            {
                return turns;
            }
        }

        return default;
    }

    private static void Append(IncrementalHash hash, JsonMembers members)
    {
        foreach (var name in System)
        {
            AppendTexts(hash, members.Value(name), untilAnswer: false);
        }

        AppendTexts(hash, TurnsOf(members), untilAnswer: true);
    }

    private static void Append(IncrementalHash hash, ChatRequest records)
    {
        foreach (var part in records.System.Concat(records.Messages.TakeWhile(m => m.Role != Role.Assistant).SelectMany(m => m.Parts)))
        {
            if (part is TextPart text)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(text.Text));
            }
        }
    }

    /// <summary>Adds what is said, up to the first word of the model's: texts, and the values of <c>text</c> and <c>content</c>.</summary>
    private static void AppendTexts(IncrementalHash hash, ReadOnlySpan<byte> json, bool untilAnswer)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var name = "";
        while (!json.IsEmpty && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
            }
            else if (reader.TokenType == JsonTokenType.String && name is "" or "text" or "content" or "parts")
            {
                hash.AppendData(reader.ValueSpan);
            }
            else if (
                untilAnswer
                && name is "role"
                && reader.CurrentDepth == 2
                && (reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("model"u8))
            )
            {
                return;
            }
        }
    }

    private static bool EndsWithAResult(ReadOnlySpan<byte> turns)
    {
        if (turns.IsEmpty || turns[0] != (byte)'[')
        {
            return false;
        }

        var reader = new Utf8JsonReader(turns, new JsonReaderOptions { MaxDepth = 256 });
        var (start, end, role) = (0, 0, false);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            start = (int)reader.TokenStartIndex;
            reader.Skip();
            end = (int)reader.BytesConsumed;
        }

        var last = turns[start..end];
        foreach (var result in Results)
        {
            if (last.IndexOf(result) >= 0)
            {
                return true;
            }
        }

        reader = new Utf8JsonReader(last, new JsonReaderOptions { MaxDepth = 256 });
        while (!last.IsEmpty && reader.Read())
        {
            if (role)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("tool"u8);
            }

            role = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("role"u8);
        }

        return false;
    }
}
