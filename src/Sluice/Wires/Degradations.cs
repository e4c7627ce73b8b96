using Sluice.Calls;

namespace Sluice.Wires;

/// <summary>Gathers what a target cannot be asked; the same loss in many turns is one.</summary>
internal static class Degradations
{
    public static void Lose(this ICollection<Degradation> degradations, string feature, string action)
    {
        var degradation = new Degradation(feature, action);
        if (!degradations.Contains(degradation))
        {
            degradations.Add(degradation);
        }
    }
}
