using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Gathers the usage of a Messages answer, which comes in two events and counts input without its cached part.</summary>
internal sealed class AnthropicUsage
{
    private long _input;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWrite1h;
    private long _output;
    private long _thinking;
    private long _searches;
    private Credits? _cost;
    private bool _seen;

    /// <summary>
    /// Every step that is billed: what a compaction, an advisor or a model that was fallen back from consumed is left out of the
    /// message's own figures. Source: https://platform.claude.com/docs/en/build-with-claude/compaction.
    /// </summary>
    private AnthropicUsage? _steps;

    /// <summary>Reads one usage object: later figures overwrite earlier ones, absent and null ones do not.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("input_tokens"u8))
            {
                Take(ref reader, ref _input);
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                Take(ref reader, ref _output);
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                _cacheRead = JsonCursor.ReadCount(ref reader) ?? _cacheRead;
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                _cacheWrite = JsonCursor.ReadCount(ref reader) ?? _cacheWrite;
            }
            else if (reader.ValueTextEquals("cost"u8))
            {
                _cost = JsonCursor.ReadDollars(ref reader) ?? _cost;
            }
            else if (
                reader.ValueTextEquals("cache_creation"u8)
                || reader.ValueTextEquals("output_tokens_details"u8)
                || reader.ValueTextEquals("server_tool_use"u8)
            )
            {
                ReadDetails(ref reader);
            }
            else if (reader.ValueTextEquals("iterations"u8))
            {
                ReadSteps(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <returns>What was counted; <see langword="null"/> where nothing was.</returns>
    public Usage? ToUsage() =>
        _seen || _steps?._seen == true
            ? new Usage
            {
                InputTokens = _input + _cacheRead + _cacheWrite,
                CacheReadTokens = _cacheRead,
                CacheWriteTokens = _cacheWrite,
                CacheWrite1hTokens = _cacheWrite1h,
                OutputTokens = _output,
                ReasoningTokens = _thinking,
                WebSearchRequests = _searches,
                Beside = _steps is { } steps ? Beyond(steps) : null,
                ReportedCost = _cost,
                Evidence = UsageEvidence.Reported,
            }
            : null;

    /// <summary>What the steps come to beyond the message's own figures; <see langword="null"/> where they are the same.</summary>
    private Usage? Beyond(AnthropicUsage steps)
    {
        var (read, write) = (Math.Max(0, steps._cacheRead - _cacheRead), Math.Max(0, steps._cacheWrite - _cacheWrite));
        var beyond = new Usage
        {
            InputTokens = Math.Max(0, steps._input - _input) + read + write,
            CacheReadTokens = read,
            CacheWriteTokens = write,
            CacheWrite1hTokens = Math.Max(0, steps._cacheWrite1h - _cacheWrite1h),
            OutputTokens = Math.Max(0, steps._output - _output),
            Evidence = UsageEvidence.Reported,
        };
        return beyond.InputTokens + beyond.OutputTokens > 0 ? beyond : null;
    }

    private void ReadSteps(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        _steps = new AnthropicUsage();
        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var step = new AnthropicUsage();
                step.Read(ref reader);
                _steps.Add(step);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void Add(AnthropicUsage step)
    {
        _input += step._input;
        _cacheRead += step._cacheRead;
        _cacheWrite += step._cacheWrite;
        _cacheWrite1h += step._cacheWrite1h;
        _output += step._output;
        _seen |= step._seen;
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
            if (reader.ValueTextEquals("ephemeral_1h_input_tokens"u8))
            {
                _cacheWrite1h = JsonCursor.ReadCount(ref reader) ?? _cacheWrite1h;
            }
            else if (reader.ValueTextEquals("thinking_tokens"u8))
            {
                _thinking = JsonCursor.ReadCount(ref reader) ?? _thinking;
            }
            else if (reader.ValueTextEquals("web_search_requests"u8))
            {
                _searches = JsonCursor.ReadCount(ref reader) ?? _searches;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }
}
