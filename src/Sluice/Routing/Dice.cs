namespace Sluice.Routing;

/// <summary>Chance that many calls may ask at once, and numbers that always come out the same for the same text.</summary>
/// <remarks>SplitMix64: https://prng.di.unimi.it/splitmix64.c</remarks>
internal sealed class Dice(long seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private long _state = seed;

    /// <summary>Chance that falls as this one would next, without taking anything from it.</summary>
    public Dice Copy() => new(Volatile.Read(ref _state));

    /// <summary>A number from the whole range.</summary>
    public ulong Next() => Mixed((ulong)Interlocked.Add(ref _state, unchecked((long)Step)));

    /// <summary>Below <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(Next() % (ulong)count);

    /// <summary>The number of a text: FNV-1a over its letters, mixed. It is the same in every process.</summary>
    public static ulong Of(string text, ulong before = 0xCBF29CE484222325)
    {
        foreach (var letter in text)
        {
            before = (before ^ letter) * 0x100000001B3;
        }

        return before;
    }

    /// <summary>A number spread evenly above 0 and below 1.</summary>
    public static double Part(ulong number) => ((Mixed(number) >> 11) + 0.5) / (1UL << 53);

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
