using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>The facts of one output item.</summary>
/// <param name="Id">The id the provider keeps it by.</param>
/// <param name="Weight">The bytes of content in it.</param>
/// <param name="IsSearch">Whether it is a search of the provider's own; pages it opens are none.</param>
internal readonly record struct OutputItem(string? Id, int Weight, bool IsSearch)
{
    /// <summary>From a member's name over the item that is its value.</summary>
    public static OutputItem Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        return ReadHere(ref reader);
    }

    /// <summary>Reads the item the reader stands on.</summary>
    public static OutputItem ReadHere(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonCursor.SkipHere(ref reader);
            return default;
        }

        var (type, action, id, weight) = ((string?)null, (string?)null, (string?)null, 0);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id = JsonCursor.ReadString(ref reader);
            }
            else if (IsNoContent(ref reader))
            {
                JsonCursor.SkipValue(ref reader);
            }
            else
            {
                action = reader.ValueTextEquals("action"u8) ? TypeOf(reader) : action;
                reader.Read();
                weight += JsonCursor.Weigh(ref reader);
            }
        }

        return new OutputItem(id, weight, type == "web_search_call" && (action ?? "search") == "search");
    }

    /// <summary>Looks ahead: the reader is a copy and stands before the value.</summary>
    private static string? TypeOf(Utf8JsonReader reader)
    {
        if (JsonCursor.Enter(ref reader))
        {
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    return JsonCursor.ReadString(ref reader);
                }

                JsonCursor.SkipValue(ref reader);
            }
        }

        return null;
    }

    private static bool IsNoContent(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("status"u8)
        || reader.ValueTextEquals("role"u8)
        || reader.ValueTextEquals("phase"u8)
        || reader.ValueTextEquals("name"u8)
        || reader.ValueTextEquals("call_id"u8)
        || reader.ValueTextEquals("format"u8);
}
