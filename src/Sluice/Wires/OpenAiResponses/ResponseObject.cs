using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>The facts of a response object, whole or as an event carries it. A later reading adds to an earlier one.</summary>
internal sealed class ResponseObject
{
    private readonly List<string> _itemIds = [];
    private bool _hasError;
    private long? _searchesReported;
    private int _searches;

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? Status { get; private set; }

    public string? IncompleteReason { get; private set; }

    public Usage? Usage { get; private set; }

    /// <summary>Whether the provider keeps it, which it does unless it says otherwise.</summary>
    public bool Stored { get; private set; } = true;

    public bool HasOutput { get; private set; }

    /// <summary>The bytes of content in the output.</summary>
    public int Weight { get; private set; }

    public IReadOnlyList<string> ItemIds => _itemIds;

    public bool Failed => _hasError || Status == "failed";

    /// <summary>As reported, else the calls that stand in the output.</summary>
    public long WebSearches => _searchesReported ?? _searches;

    /// <summary>From a member's name over the response that is its value.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (JsonCursor.Enter(ref reader))
        {
            ReadMembers(ref reader);
        }
    }

    /// <summary>Reads the object the reader stands on.</summary>
    public void ReadMembers(ref Utf8JsonReader reader)
    {
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                Id = JsonCursor.ReadString(ref reader) ?? Id;
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader) ?? Model;
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                Status = JsonCursor.ReadString(ref reader) ?? Status;
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                Usage = JsonCursor.Enter(ref reader) ? ResponsesUsage.Read(ref reader) ?? Usage : Usage;
            }
            else if (reader.ValueTextEquals("output"u8))
            {
                ReadOutput(ref reader);
            }
            else if (reader.ValueTextEquals("incomplete_details"u8))
            {
                IncompleteReason = ReadInside(ref reader, "reason"u8);
            }
            else if (reader.ValueTextEquals("tool_usage"u8))
            {
                ReadToolUsage(ref reader);
            }
            else if (reader.ValueTextEquals("store"u8))
            {
                reader.Read();
                Stored = reader.TokenType != JsonTokenType.False;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                _hasError |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void ReadOutput(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        (HasOutput, Weight, _searches) = (true, 0, 0);
        while (JsonCursor.NextElement(ref reader))
        {
            var item = OutputItem.ReadHere(ref reader);
            Weight += item.Weight;
            _searches += item.IsSearch ? 1 : 0;
            if (item.Id is { } id)
            {
                _itemIds.Add(id);
            }
        }
    }

    private void ReadToolUsage(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("web_search"u8))
            {
                ReadSearches(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void ReadSearches(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("num_requests"u8))
            {
                _searchesReported = JsonCursor.ReadCount(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <summary>A string inside the object after a member's name.</summary>
    private static string? ReadInside(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        string? value = null;
        if (JsonCursor.Enter(ref reader))
        {
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals(name))
                {
                    value = JsonCursor.ReadString(ref reader);
                }
                else
                {
                    JsonCursor.SkipValue(ref reader);
                }
            }
        }

        return value;
    }
}
