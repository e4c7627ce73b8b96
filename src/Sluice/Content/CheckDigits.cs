namespace Sluice.Content;

/// <summary>Tells numbers that mean something from those that only look so.</summary>
internal static class CheckDigits
{
    private const int ShortestCard = 13;
    private const int ShortestIban = 15;

    /// <summary>The longest beginning that is a card's number by its check digit (Luhn) and ends where a group of digits does; 0 for none.</summary>
    public static int OfCard(ReadOnlySpan<char> text)
    {
        for (var length = text.Length; length >= ShortestCard; length--)
        {
            if (
                char.IsAsciiDigit(text[length - 1])
                && (length == text.Length || !char.IsAsciiDigit(text[length]))
                && IsLuhn(text[..length])
            )
            {
                return length;
            }
        }

        return 0;
    }

    /// <summary>The longest beginning that is an IBAN by its check digits (ISO 7064, 97-10) and ends where a group does; 0 for none.</summary>
    public static int OfIban(ReadOnlySpan<char> text)
    {
        for (var length = text.Length; length >= ShortestIban; length--)
        {
            if (text[length - 1] != ' ' && (length == text.Length || text[length] == ' ') && IsIban(text[..length]))
            {
                return length;
            }
        }

        return 0;
    }

    private static bool IsLuhn(ReadOnlySpan<char> text)
    {
        var (sum, digits) = (0, 0);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var value = (text[i] - '0') << (digits++ & 1);
                sum += value > 9 ? value - 9 : value;
            }
        }

        return digits >= ShortestCard && sum % 10 == 0;
    }

    /// <remarks>The first four characters count last, and letters as two digits.</remarks>
    private static bool IsIban(ReadOnlySpan<char> text)
    {
        var (rest, letters) = (0, 0);
        foreach (var character in text[4..])
        {
            Count(character, ref rest, ref letters);
        }

        foreach (var character in text[..4])
        {
            Count(character, ref rest, ref letters);
        }

        return rest == 1 && letters is >= ShortestIban and <= 34;
    }

    private static void Count(char character, ref int rest, ref int letters)
    {
        if (character == ' ')
        {
            return;
        }

        letters++;
        rest = char.IsAsciiDigit(character) ? (rest * 10 + character - '0') % 97 : (rest * 100 + character - 'A' + 10) % 97;
    }
}
