using System.Runtime.InteropServices;
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
    private Modalities _promptKinds;
    private Modalities _toolUseKinds;
    private Modalities _cachedKinds;
    private Modalities _candidatesKinds;
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
                _promptKinds = ReadModalities(ref reader);
            }
            else if (reader.ValueTextEquals("toolUsePromptTokensDetails"u8))
            {
                _toolUseKinds = ReadModalities(ref reader);
            }
            else if (reader.ValueTextEquals("candidatesTokensDetails"u8))
            {
                _candidatesKinds = ReadModalities(ref reader);
            }
            else if (reader.ValueTextEquals("cacheTokensDetails"u8))
            {
                _cachedKinds = ReadModalities(ref reader);
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
                InputAudioTokens = _promptKinds.Audio + _toolUseKinds.Audio,
                CacheReadAudioTokens = _cachedKinds.Audio,
                InputImageTokens = _promptKinds.Images + _toolUseKinds.Images,
                CacheReadImageTokens = _cachedKinds.Images,
                OutputTokens = _candidates + _thoughts,
                ReasoningTokens = _thoughts,
                OutputAudioTokens = _candidatesKinds.Audio,
                OutputImageTokens = _candidatesKinds.Images,
                WebSearchRequests = searches,
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

    /// <summary>Of a list of counts by kind of content, those of sound and of images, as which the pages of a document count.</summary>
    private static Modalities ReadModalities(ref Utf8JsonReader reader)
    {
        var read = default(Modalities);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return read;
        }

        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var (kind, tokens) = ((string?)null, 0L);
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("modality"u8))
                {
                    kind = JsonCursor.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("tokenCount"u8))
                {
                    tokens = JsonCursor.ReadCount(ref reader) ?? 0;
                }
                else
                {
                    JsonCursor.SkipValue(ref reader);
                }
            }

            read = kind switch
            {
                "AUDIO" => read with { Audio = read.Audio + tokens },
                "IMAGE" or "DOCUMENT" => read with { Images = read.Images + tokens },
                _ => read,
            };
        }

        return read;
    }

    /// <summary>Tokens by kind of content, apart from text.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Modalities(long Audio, long Images);
}
