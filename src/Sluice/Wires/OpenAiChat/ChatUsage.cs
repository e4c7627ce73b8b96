using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Catalog;
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
    private long _searches;
    private long _total;
    private Credits? _cost;

    /// <summary>Reads the object the reader stands on.</summary>
    /// <param name="reader">On the start of the object.</param>
    /// <param name="members">What the vendor reports beside the wire's own members.</param>
    public static Usage Read(ref Utf8JsonReader reader, UsageMembers members)
    {
        var counts = new ChatUsage();
        counts.ReadMembers(ref reader, members);
        return new Usage
        {
            InputTokens = counts._input,
            OutputTokens = members.ReasoningBeside ?? counts.TotalHasBoth ? counts._output + counts._reasoning : counts._output,
            CacheReadTokens = counts._cacheRead,
            CacheWriteTokens = counts._cacheWrite,
            ReasoningTokens = counts._reasoning,
            InputAudioTokens = counts._inputAudio,
            OutputAudioTokens = counts._outputAudio,
            WebSearchRequests = counts._searches,
            ReportedCost = counts._cost,
            Evidence = UsageEvidence.Reported,
        };
    }

    private readonly bool TotalHasBoth => _reasoning > 0 && _total == _input + _output + _reasoning;

    private void ReadMembers(ref Utf8JsonReader reader, UsageMembers members)
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
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                ReadDetails(ref reader, ref _inputAudio);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                ReadDetails(ref reader, ref _outputAudio);
            }
            else if (reader.ValueTextEquals("total_tokens"u8))
            {
                _total = JsonCursor.ReadInt64(ref reader) ?? 0;
            }
            else if (UsageScan.Find(ref reader, members.Inside) is { } member)
            {
                Add(member.Figure, UsageScan.Number(ref reader, members.Inside, member));
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void Add(UsageFigure figure, decimal? number)
    {
        if (number is not { } value)
        {
            return;
        }

        switch (figure)
        {
            case UsageFigure.CacheRead:
                _cacheRead = (long)value;
                break;
            case UsageFigure.CacheWrite:
                _cacheWrite = (long)value;
                break;
            case UsageFigure.Reasoning:
                _reasoning = (long)value;
                break;
            case UsageFigure.WebSearches:
                _searches = (long)value;
                break;
            case UsageFigure.Cost:
                _cost = Credits.FromDollars(value);
                break;
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
