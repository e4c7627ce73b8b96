using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.BedrockConverse;

/// <summary>The usage of a Converse answer, which counts input without its cached part.</summary>
internal sealed class BedrockUsage
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWrite1h;
    private bool _seen;

    /// <summary>Reads the members of one usage object; absent and null figures change nothing.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("inputTokens"u8))
            {
                Take(ref reader, ref _input);
            }
            else if (reader.ValueTextEquals("outputTokens"u8))
            {
                Take(ref reader, ref _output);
            }
            else if (reader.ValueTextEquals("cacheReadInputTokens"u8))
            {
                _cacheRead = JsonCursor.ReadCount(ref reader) ?? _cacheRead;
            }
            else if (reader.ValueTextEquals("cacheWriteInputTokens"u8))
            {
                _cacheWrite = JsonCursor.ReadCount(ref reader) ?? _cacheWrite;
            }
            else if (reader.ValueTextEquals("cacheDetails"u8))
            {
                ReadDetails(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <returns>What was counted; <see langword="null"/> where nothing was.</returns>
    public Usage? ToUsage() =>
        _seen
            ? new Usage
            {
                InputTokens = _input + _cacheRead + _cacheWrite,
                CacheReadTokens = _cacheRead,
                CacheWriteTokens = _cacheWrite,
                CacheWrite1hTokens = _cacheWrite1h,
                OutputTokens = _output,
                Evidence = UsageEvidence.Reported,
            }
            : null;

    private void Take(ref Utf8JsonReader reader, ref long count)
    {
        if (JsonCursor.ReadCount(ref reader) is { } tokens)
        {
            count = tokens;
            _seen = true;
        }
    }

    /// <summary>What was written to the cache, by how long it stays there.</summary>
    private void ReadDetails(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            JsonCursor.SkipHere(ref reader);
            return;
        }

        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                JsonCursor.SkipHere(ref reader);
                continue;
            }

            var (tokens, ttl) = (0L, "");
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("inputTokens"u8))
                {
                    tokens = JsonCursor.ReadCount(ref reader) ?? 0;
                }
                else if (reader.ValueTextEquals("ttl"u8))
                {
                    ttl = JsonCursor.ReadString(ref reader) ?? "";
                }
                else
                {
                    JsonCursor.SkipValue(ref reader);
                }
            }

            _cacheWrite1h = ttl == "1h" ? tokens : _cacheWrite1h;
        }
    }
}
