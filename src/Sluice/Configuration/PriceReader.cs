using Sluice.Money;

namespace Sluice.Configuration;

/// <summary>Reads a <c>price</c>.</summary>
internal static class PriceReader
{
    public static Price Read(Section section)
    {
        if (!section.Has("input") || !section.Has("output"))
        {
            section.Error(section.Has("input") ? "output" : "input", "a price needs input and output", "in dollars per million tokens");
        }

        return new Price
        {
            Input = section.Money("input") ?? 0,
            Output = section.Money("output") ?? 0,
            CacheRead = section.Money("cacheRead"),
            CacheWrite = section.Money("cacheWrite"),
            CacheWrite1h = section.Money("cacheWrite1h"),
        };
    }
}
