using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Normalises the usage object of Chat Completions and its dialects. Input includes cached tokens, output includes reasoning.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct ChatUsage
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _reasoning;
    private long _inputAudio;
    private long _outputAudio;
    private Credits? _cost;

    /// <summary>Reads the object the reader stands on.</summary>
    public static Usage Read(ref Utf8JsonReader reader)
    {
        var counts = new ChatUsage();
        counts.ReadMembers(ref reader);
        return new Usage
        {
            InputTokens = counts._input,
            OutputTokens = counts._output,
            CacheReadTokens = counts._cacheRead,
            CacheWriteTokens = counts._cacheWrite,
            ReasoningTokens = counts._reasoning,
            InputAudioTokens = counts._inputAudio,
            OutputAudioTokens = counts._outputAudio,
            ReportedCost = counts._cost,
            Evidence = UsageEvidence.Reported,
        };
    }

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                _input = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                _output = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
            {
                _cacheRead = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                _reasoning = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                ReadDetails(ref reader, ref _inputAudio);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                ReadDetails(ref reader, ref _outputAudio);
            }
            else if (reader.ValueTextEquals("cost"u8))
            {
                // OpenRouter: a number of dollars. Perplexity and Venice: an object, whose total is not always the charge.
                _cost = JsonCursor.ReadDecimal(ref reader) is { } cost ? Credits.FromDollars(cost) : _cost;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void ReadDetails(ref Utf8JsonReader reader, ref long audio)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                _cacheRead = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
            {
                _cacheWrite = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                _reasoning = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                audio = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }
}
