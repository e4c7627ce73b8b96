using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Takes thinking that nobody signed out of a conversation.</summary>
/// <remarks>
/// It comes from an answer that another wire gave: its reasoning was shown to the client as thinking, without the signature that only
/// Anthropic makes. The client sends it back with the next turn, and Anthropic refuses the whole request for it.
/// </remarks>
internal static class UnsignedThinking
{
    /// <summary>The body without it; every other byte of it stays.</summary>
    public static ReadOnlyMemory<byte> Remove(JsonMembers members, ICollection<Degradation> degradations)
    {
        var messages = members.Find("messages")!.Value;
        var json = members.Body.Span;
        var cuts = new List<Range>();
        var inToolLoop = ReadMessages(json[messages.ValueStart..messages.End], messages.ValueStart, cuts);
        degradations.Lose("thinking", "reasoning of another model was left out of earlier turns: nobody has signed it");
        if (inToolLoop && members.Object("thinking") is { } thinking && JsonText.String(thinking.Value("type")) == "enabled")
        {
            // Between a call of a tool and its result the provider demands the thinking that led to it.
            CutThinking(members, cuts);
            degradations.Lose("thinking", "turned off for this turn: it began with a model whose reasoning nobody has signed");
        }

        cuts.Sort((a, b) => a.Start.Value.CompareTo(b.Start.Value));
        var body = new List<byte>(json.Length);
        var copied = 0;
        foreach (var cut in cuts)
        {
            body.AddRange(json[copied..cut.Start.Value]);
            copied = cut.End.Value;
        }

        body.AddRange(json[copied..]);
        return body.ToArray();
    }

    private static void CutThinking(JsonMembers members, List<Range> cuts)
    {
        var list = new ListCutter(cuts, 0);
        foreach (var member in members)
        {
            list.Add(member.Start, member.End, keep: member.Name != "thinking");
        }

        list.Close();
    }

    /// <returns>Whether the last assistant's turn lost its thinking while something is handed in after it.</returns>
    private static bool ReadMessages(ReadOnlySpan<byte> messages, int offset, List<Range> cuts)
    {
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        var list = new ListCutter(cuts, offset);
        var (previous, last) = (false, false);
        while (JsonCursor.NextElement(ref reader))
        {
            var (start, within) = ((int)reader.TokenStartIndex, new List<Range>());
            var empty = !ReadMessage(ref reader, offset, within);
            (previous, last) = (last, within.Count > 0);
            if (!empty)
            {
                cuts.AddRange(within);
            }

            list.Add(start, (int)reader.BytesConsumed, keep: !empty);
        }

        list.Close();
        return previous && !last;
    }

    /// <returns>Whether anything is left of it.</returns>
    private static bool ReadMessage(ref Utf8JsonReader reader, int offset, List<Range> cuts)
    {
        var kept = true;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return kept;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            var content = reader.ValueTextEquals("content"u8);
            reader.Read();
            if (!content || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            var list = new ListCutter(cuts, offset);
            while (JsonCursor.NextElement(ref reader))
            {
                var start = (int)reader.TokenStartIndex;
                var unsigned = IsUnsigned(ref reader);
                list.Add(start, (int)reader.BytesConsumed, keep: !unsigned);
            }

            list.Close();
            kept = list.Kept || cuts.Count == 0;
        }

        return kept;
    }

    private static bool IsUnsigned(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var (thinking, signed) = (false, false);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                thinking = JsonCursor.ReadString(ref reader) == "thinking";
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                signed = JsonCursor.ReadString(ref reader) is { Length: > 0 };
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return thinking && !signed;
    }

    /// <summary>Notes what to cut so that a list of elements or members stays one: each cut takes a comma with it.</summary>
    private sealed class ListCutter(List<Range> cuts, int offset)
    {
        private int _keptEnd = -1;
        private int _cutStart = -1;
        private int _cutEnd;

        public bool Kept => _keptEnd >= 0;

        public void Add(int start, int end, bool keep)
        {
            if (!keep)
            {
                _cutStart = _cutStart < 0 ? start : _cutStart;
                _cutEnd = end;
                return;
            }

            if (_cutStart >= 0)
            {
                Cut(_cutStart, start);
            }

            _keptEnd = end;
        }

        public void Close()
        {
            if (_cutStart >= 0)
            {
                Cut(Kept ? _keptEnd : _cutStart, _cutEnd);
            }
        }

        private void Cut(int start, int end)
        {
            cuts.Add((start + offset)..(end + offset));
            _cutStart = -1;
        }
    }
}
