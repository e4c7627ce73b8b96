using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>A model whose provider has billed more than the worst case of its price.</summary>
/// <param name="Provider">The provider's name in the configuration.</param>
/// <param name="Model">The model id it was asked for.</param>
/// <param name="Since">When that came out first.</param>
/// <param name="Last">When it came out last.</param>
/// <param name="Attempts">How often.</param>
/// <param name="Excess">What was billed above what was held, added up.</param>
internal sealed record PriceDoubt(string Provider, string Model, DateTimeOffset Since, DateTimeOffset Last, long Attempts, Credits Excess)
{
    /// <summary>Whether a cost shows that the price of its model is too low.</summary>
    public static bool IsRaisedBy(LedgerEntry entry) => entry.Settlement.Cost > entry.Hold.Amount;
}
