using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Normalises the usage object of Responses and its dialects. Input includes cached tokens, output includes reasoning.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct ResponsesUsage
{
    /// <summary>xAI counts its charge in ticks; see https://docs.x.ai/developers/cost-tracking.</summary>
    private const decimal TicksPerDollar = 10_000_000_000m;

    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _reasoning;
    private Credits? _cost;
    private bool _seen;

    /// <summary>Reads the object the reader stands on; <see langword="null"/> where nothing is counted in it.</summary>
    public static Usage? Read(ref Utf8JsonReader reader)
    {
        var counts = new ResponsesUsage();
        counts.ReadMembers(ref reader);
        return counts._seen
            ? new Usage
            {
                InputTokens = counts._input,
                OutputTokens = counts._output,
                CacheReadTokens = counts._cacheRead,
                CacheWriteTokens = counts._cacheWrite,
                ReasoningTokens = counts._reasoning,
                ReportedCost = counts._cost,
                Evidence = UsageEvidence.Reported,
            }
            : null;
    }

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            // Workers AI counts in the words of Chat Completions.
            if (reader.ValueTextEquals("input_tokens"u8) || reader.ValueTextEquals("prompt_tokens"u8))
            {
                Take(ref reader, ref _input);
            }
            else if (reader.ValueTextEquals("output_tokens"u8) || reader.ValueTextEquals("completion_tokens"u8))
            {
                Take(ref reader, ref _output);
            }
            else if (reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
            {
                ReadDetails(ref reader);
            }
            else if (reader.ValueTextEquals("cost_in_usd_ticks"u8))
            {
                reader.Read();
                _cost = UsageFigures.Dollars(JsonCursor.CurrentNumber(ref reader) / TicksPerDollar) ?? _cost;
            }
            else if (reader.ValueTextEquals("cost"u8))
            {
                // OpenRouter: a number of dollars.
                _cost = JsonCursor.ReadDollars(ref reader) ?? _cost;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void Take(ref Utf8JsonReader reader, ref long count)
    {
        if (JsonCursor.ReadCount(ref reader) is { } tokens)
        {
            count = tokens;
            _seen = true;
        }
    }

    private void ReadDetails(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                _cacheRead = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
            {
                _cacheWrite = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                _reasoning = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }
}
