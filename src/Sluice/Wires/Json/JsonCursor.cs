using System.Text.Json;
using Sluice.Money;

namespace Sluice.Wires.Json;

/// <summary>Steps over JSON without building it: the side reader of every wire.</summary>
internal static class JsonCursor
{
    /// <summary>A reader that stands on the start of the object.</summary>
    /// <exception cref="JsonException">It is not an object.</exception>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("not an object");
    }

    /// <summary>Moves to the next member's name; at the end of the object it stands on the closing brace.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Moves to the next element of an array; at the end it stands on the closing bracket.</summary>
    public static bool NextElement(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>From a member's name into the object that is its value; anything else is skipped.</summary>
    public static bool Enter(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>From a member's name over its value.</summary>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Over the value it stands on.</summary>
    public static void SkipHere(ref Utf8JsonReader reader) => reader.Skip();

    /// <summary>The string after a member's name; <see langword="null"/> for anything else, which is skipped.</summary>
    public static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // A string that is no text names nothing.
            return null;
        }
    }

    /// <summary>The whole number after a member's name; <see langword="null"/> for anything else, which is skipped.</summary>
    public static long? ReadInt64(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var number) ? number
                : reader.TryGetDecimal(out var other) ? Whole(other)
                : null;
        }

        reader.Skip();
        return null;
    }

    /// <summary>A whole number however it is written: <c>10.0</c>, <c>1e1</c>.</summary>
    public static long? Whole(decimal number) =>
        number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue ? (long)number : null;

    /// <summary>The count after a member's name, also where it is written <c>12.0</c>; <see langword="null"/> for what can be none, which is skipped.</summary>
    /// <remarks>A count that is negative or beyond <see cref="UsageFigures.Most"/> is a fault of whoever reports it and must not reach a sum.</remarks>
    public static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        return UsageFigures.Count(CurrentNumber(ref reader));
    }

    /// <summary>The dollars after a member's name; <see langword="null"/> for what can be none, which is skipped.</summary>
    public static Credits? ReadDollars(ref Utf8JsonReader reader)
    {
        reader.Read();
        return UsageFigures.Dollars(CurrentNumber(ref reader));
    }

    /// <summary>The number it stands on; <see langword="null"/> for anything else, which is skipped.</summary>
    public static decimal? CurrentNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number))
        {
            return number;
        }

        reader.Skip();
        return null;
    }

    /// <summary>The bytes of text in the value it stands on; 0 for null, empty strings, empty arrays and empty objects.</summary>
    public static int Weigh(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return 0;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True:
                return reader.ValueSpan.Length;
            default:
                var (bytes, depth) = (0, reader.CurrentDepth);
                while (reader.Read() && reader.CurrentDepth > depth)
                {
                    bytes += reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? reader.ValueSpan.Length : 0;
                }

                return bytes;
        }
    }
}
