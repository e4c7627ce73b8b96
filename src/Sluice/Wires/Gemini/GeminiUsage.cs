using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Gathers the usage of a Gemini answer, which every chunk repeats and brings up to date; thoughts and what tools read are counted apart.</summary>
internal sealed class GeminiUsage
{
    private long _prompt;
    private long _toolUse;
    private long _cached;
    private long _candidates;
    private long _thoughts;
    private long _promptAudio;
    private long _toolUseAudio;
    private long _candidatesAudio;
    private bool _seen;

    /// <summary>Reads one usage object: later figures overwrite earlier ones, absent ones do not.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("promptTokenCount"u8))
            {
                Take(ref reader, ref _prompt);
            }
            else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8))
            {
                Take(ref reader, ref _toolUse);
            }
            else if (reader.ValueTextEquals("cachedContentTokenCount"u8))
            {
                Take(ref reader, ref _cached);
            }
            else if (reader.ValueTextEquals("candidatesTokenCount"u8))
            {
                Take(ref reader, ref _candidates);
            }
            else if (reader.ValueTextEquals("thoughtsTokenCount"u8))
            {
                Take(ref reader, ref _thoughts);
            }
            else if (reader.ValueTextEquals("promptTokensDetails"u8))
            {
                _promptAudio = ReadAudio(ref reader);
            }
            else if (reader.ValueTextEquals("toolUsePromptTokensDetails"u8))
            {
                _toolUseAudio = ReadAudio(ref reader);
            }
            else if (reader.ValueTextEquals("candidatesTokensDetails"u8))
            {
                _candidatesAudio = ReadAudio(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <param name="searches">Searches that are billed.</param>
    /// <returns>What was counted; <see langword="null"/> where nothing was.</returns>
    public Usage? ToUsage(long searches) =>
        _seen
            ? new Usage
            {
                InputTokens = _prompt + _toolUse,
                CacheReadTokens = _cached,
                InputAudioTokens = _promptAudio + _toolUseAudio,
                OutputTokens = _candidates + _thoughts,
                ReasoningTokens = _thoughts,
                OutputAudioTokens = _candidatesAudio,
                WebSearchRequests = searches,
                Evidence = UsageEvidence.Reported,
            }
            : null;

    private void Take(ref Utf8JsonReader reader, ref long count)
    {
        if (JsonCursor.ReadInt64(ref reader) is { } tokens)
        {
            count = tokens;
            _seen = true;
        }
    }

    /// <summary>Of a list of counts by kind of content, the one of sound.</summary>
    private static long ReadAudio(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        var audio = 0L;
        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var (isAudio, tokens) = (false, 0L);
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("modality"u8))
                {
                    isAudio = JsonCursor.ReadString(ref reader) == "AUDIO";
                }
                else if (reader.ValueTextEquals("tokenCount"u8))
                {
                    tokens = JsonCursor.ReadInt64(ref reader) ?? 0;
                }
                else
                {
                    JsonCursor.SkipValue(ref reader);
                }
            }

            audio += isAudio ? tokens : 0;
        }

        return audio;
    }
}
