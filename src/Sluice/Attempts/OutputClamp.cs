using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Lowers the output limit of a call until a budget has enough left for it.</summary>
internal static class OutputClamp
{
    /// <summary>The shortest answer that is still worth asking for, in tokens.</summary>
    private const long Least = 256;

    /// <summary>The highest limit that fits; <see langword="null"/> where none that is worth it does.</summary>
    public static int? Of(PreparedRequest prepared, Target target, Price? price, BudgetRefusal shortage)
    {
        var over = shortage.Needed.Value - shortage.Left.Value;
        var perToken = prepared.Features.Choices * PerOutputToken(shortage.Needed.Unit, price);
        if (perToken <= 0 || shortage.Downshift || OutputLimits.Of(target) is not null)
        {
            return null;
        }

        var limit = prepared.OutputLimit - decimal.Ceiling(over / perToken);
        return limit >= Math.Max(Least, (prepared.Features.ThinkingBudget ?? 0) + 1) ? (int)limit : null;
    }

    /// <summary>The request with the lower limit, which is reported.</summary>
    public static PreparedRequest Apply(
        ClientRequest request,
        Target target,
        Route route,
        PreparedRequest prepared,
        int limit,
        BudgetRefusal shortage
    )
    {
        var clamped = request.Prepare(target, route, limit, whole: prepared.Features.Stream != request.Features.Stream);
        var lowered = new Degradation(
            "max_tokens",
            $"lowered from {prepared.OutputLimit} to {limit}: budget '{shortage.Budget}' has {shortage.Left} left"
        );
        return clamped with { Degradations = [.. clamped.Degradations, lowered] };
    }

    private static decimal PerOutputToken(BudgetUnit unit, Price? price) =>
        unit switch
        {
            BudgetUnit.Tokens => 1,
            BudgetUnit.Usd when price is not null => Pricing.WorstCase(price, 0, 1_000_000).Nano / 1_000_000m,
            _ => 0,
        };
}
