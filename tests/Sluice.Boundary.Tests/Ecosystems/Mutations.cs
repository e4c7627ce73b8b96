namespace Sluice.Boundary.Tests.Ecosystems;

/// <summary>Makes broken files of good ones, the same ones each time.</summary>
internal static class Mutations
{
    public static IEnumerable<string> Of(string sample, string signs, int rounds)
    {
        var random = new Random(20_261);
        for (var round = 0; round < rounds; round++)
        {
            var changed = sample.ToCharArray().ToList();
            for (var changes = random.Next(1, 6); changes > 0 && changed.Count > 1; changes--)
            {
                var at = random.Next(changed.Count);
                switch (random.Next(3))
                {
                    case 0:
                        changed[at] = signs[random.Next(signs.Length)];
                        break;
                    case 1:
                        changed.Insert(at, signs[random.Next(signs.Length)]);
                        break;
                    default:
                        changed.RemoveRange(at, Math.Min(random.Next(1, 40), changed.Count - at));
                        break;
                }
            }

            yield return new string([.. changed]);
        }
    }
}
