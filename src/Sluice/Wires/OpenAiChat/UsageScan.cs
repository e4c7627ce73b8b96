using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Finds members by the places a vendor's row names.</summary>
internal static class UsageScan
{
    /// <summary>The first place of this name, while the reader stands on a member's name.</summary>
    public static UsageMember? Find(ref Utf8JsonReader reader, List<UsageMember> places)
    {
        foreach (var place in places)
        {
            if (reader.ValueTextEquals(place.Name))
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>The number at a place: the member's own, or one of a member within; anything else is skipped.</summary>
    /// <remarks>One name may hold a number with one vendor and an object with another.</remarks>
    public static decimal? Number(ref Utf8JsonReader reader, List<UsageMember> places, UsageMember found)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var number = reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) ? value : (decimal?)null;
            reader.Skip();
            return number;
        }

        decimal? within = null;
        while (JsonCursor.NextMember(ref reader))
        {
            if (IsWithin(ref reader, places, found))
            {
                within = JsonCursor.ReadDecimal(ref reader) ?? within;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return within;
    }

    private static bool IsWithin(ref Utf8JsonReader reader, List<UsageMember> places, UsageMember found)
    {
        foreach (var place in places)
        {
            if (
                place.Within is { } within
                && place.Figure == found.Figure
                && place.Name.AsSpan().SequenceEqual(found.Name)
                && reader.ValueTextEquals(within)
            )
            {
                return true;
            }
        }

        return false;
    }
}
