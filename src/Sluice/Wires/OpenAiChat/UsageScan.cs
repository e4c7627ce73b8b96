using System.Text.Json;
using Sluice.Catalog;

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

    /// <summary>The place whose member within is of this name, among those of one outer name.</summary>
    public static UsageMember? FindWithin(ref Utf8JsonReader reader, List<UsageMember> places, ReadOnlySpan<byte> outer)
    {
        foreach (var place in places)
        {
            if (place.Within is { } within && outer.SequenceEqual(place.Name) && reader.ValueTextEquals(within))
            {
                return place;
            }
        }

        return null;
    }
}
