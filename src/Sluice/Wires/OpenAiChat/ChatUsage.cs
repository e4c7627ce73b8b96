using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Normalises the usage object of Chat Completions and its dialects. Input includes cached tokens, output includes reasoning.</summary>
internal static class ChatUsage
{
    /// <summary>Reads the object the reader stands on.</summary>
    public static Usage Read(ref Utf8JsonReader reader)
    {
        var usage = new Usage { Evidence = UsageEvidence.Reported };
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                usage = usage with { InputTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                usage = usage with { OutputTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
            {
                usage = usage with { CacheReadTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                usage = usage with { ReasoningTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                usage = ReadInputDetails(ref reader, usage);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                usage = ReadOutputDetails(ref reader, usage);
            }
            else if (reader.ValueTextEquals("cost"u8))
            {
                // OpenRouter: a number of dollars. Perplexity and Venice: an object, whose total is not always the charge.
                usage = JsonCursor.ReadDecimal(ref reader) is { } cost ? usage with { ReportedCost = Credits.FromDollars(cost) } : usage;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return usage;
    }

    private static Usage ReadInputDetails(ref Utf8JsonReader reader, Usage usage)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return usage;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                usage = usage with { CacheReadTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
            {
                usage = usage with { CacheWriteTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                usage = usage with { InputAudioTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return usage;
    }

    private static Usage ReadOutputDetails(ref Utf8JsonReader reader, Usage usage)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return usage;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                usage = usage with { ReasoningTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                usage = usage with { OutputAudioTokens = JsonCursor.ReadInt64(ref reader) ?? 0 };
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return usage;
    }
}
