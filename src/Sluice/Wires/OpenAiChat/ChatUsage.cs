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
    private long? _input;
    private long? _output;
    private long? _billedInput;
    private long? _billedOutput;
    private long _cacheRead;
    private long _cacheWrite;
    private long _reasoning;
    private bool _reasoningAtRow;
    private long _inputAudio;
    private long _outputAudio;
    private long _searches;
    private long? _total;
    private Credits? _cost;

    /// <summary>Reads the object the reader stands on; <see langword="null"/> where nothing is counted in it.</summary>
    /// <param name="reader">On the start of the object.</param>
    /// <param name="members">What the vendor reports beside the wire's own members.</param>
    public static Usage? Read(ref Utf8JsonReader reader, UsageMembers members)
    {
        var counts = new ChatUsage();
        counts.ReadMembers(ref reader, members);
        return counts.ToUsage(members);
    }

    /// <summary>Reads the usage object at a place outside of the wire's own, from the outer member's name over its value.</summary>
    public static Usage? ReadWithin(ref Utf8JsonReader reader, UsageMember place, UsageMembers members)
    {
        Usage? usage = null;
        if (!JsonCursor.Enter(ref reader))
        {
            return usage;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals(place.Within))
            {
                JsonCursor.SkipValue(ref reader);
            }
            else if (JsonCursor.Enter(ref reader))
            {
                usage = Read(ref reader, members);
            }
        }

        return usage;
    }

    /// <summary>The cost at a place outside of the usage object, from the member's name over its value.</summary>
    public static Credits? ReadCost(ref Utf8JsonReader reader, List<UsageMember> places, UsageMember found)
    {
        var counts = new ChatUsage();
        counts.ReadPlaces(ref reader, places, found);
        return counts._cost;
    }

    private readonly Usage? ToUsage(UsageMembers members)
    {
        var (counted, output) = (_billedInput ?? _input, _billedOutput ?? _output ?? 0);
        if (counted is null && _billedOutput is null && _output is null && _total is null && _cost is null)
        {
            return null;
        }

        // Some who embed tell the total alone.
        var input = counted ?? Math.Max(0, (_total ?? 0) - output);
        var beside =
            (_reasoningAtRow ? members.ReasoningBeside : members.WireReasoningBeside)
            ?? (_reasoning > 0 && _total == input + output + _reasoning);
        return new Usage
        {
            InputTokens = input,
            OutputTokens = beside ? output + _reasoning : output,
            CacheReadTokens = _cacheRead,
            CacheWriteTokens = _cacheWrite,
            ReasoningTokens = _reasoning,
            InputAudioTokens = _inputAudio,
            OutputAudioTokens = _outputAudio,
            WebSearchRequests = _searches,
            ReportedCost = _cost,
            Evidence = UsageEvidence.Reported,
        };
    }

    private void ReadMembers(ref Utf8JsonReader reader, UsageMembers members)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                _input = JsonCursor.ReadCount(ref reader) ?? _input;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                _output = JsonCursor.ReadCount(ref reader) ?? _output;
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
                _total = JsonCursor.ReadCount(ref reader);
            }
            else if (UsageScan.Find(ref reader, members.Inside) is { } member)
            {
                ReadPlaces(ref reader, members.Inside, member);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <summary>Takes what stands at a place: the member's own number, or those of members within.</summary>
    /// <remarks>One name may hold a number with one vendor and an object with another.</remarks>
    private void ReadPlaces(ref Utf8JsonReader reader, List<UsageMember> places, UsageMember found)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Add(found.Figure, JsonCursor.CurrentNumber(ref reader));
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            var place = UsageScan.FindWithin(ref reader, places, found.Name);
            reader.Read();
            var number = JsonCursor.CurrentNumber(ref reader);
            if (place is not null)
            {
                Add(place.Figure, number);
            }
        }
    }

    private void Add(UsageFigure figure, decimal? number)
    {
        switch (figure)
        {
            case UsageFigure.Input:
                _billedInput = UsageFigures.Count(number) ?? _billedInput;
                break;
            case UsageFigure.Output:
                _billedOutput = UsageFigures.Count(number) ?? _billedOutput;
                break;
            case UsageFigure.CacheRead:
                _cacheRead = UsageFigures.Count(number) ?? _cacheRead;
                break;
            case UsageFigure.CacheWrite:
                _cacheWrite = UsageFigures.Count(number) ?? _cacheWrite;
                break;
            case UsageFigure.Reasoning:
                _reasoning = UsageFigures.Count(number) ?? _reasoning;
                _reasoningAtRow = true;
                break;
            case UsageFigure.WebSearches:
                _searches = UsageFigures.Count(number) ?? _searches;
                break;
            case UsageFigure.Cost:
                _cost = UsageFigures.Dollars(number) ?? _cost;
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
                _cacheRead = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
            {
                _cacheWrite = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                _reasoning = JsonCursor.ReadCount(ref reader) ?? 0;
                _reasoningAtRow = false;
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                audio = JsonCursor.ReadCount(ref reader) ?? 0;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }
}
