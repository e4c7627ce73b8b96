namespace Sluice.Testing;

/// <summary>Chance that never goes against anybody: a target that failed once is not passed over for luck.</summary>
internal sealed class KindRandom : Random
{
    protected override double Sample() => 0;

    public override double NextDouble() => 0;
}
