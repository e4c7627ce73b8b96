using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>What rules and orders ask of one call, found out when they do.</summary>
internal sealed class CallFacts(Call call, Route asked, ClientRequest request, LedgerBook ledger, TimeProvider time) : ICallFacts
{
    public Call Call => call;

    public Route Asked => asked;

    public long InputTokens => request.InputTokens;

    public bool Structured => request.Structured;

    /// <remarks>Budgets on provider, model or actual route are asked as for the first target of the route that was asked.</remarks>
    public decimal BudgetUsed(string? budget) =>
        ledger.UsedOf(
            HoldRecord.Of(call, time.GetUtcNow()) with
            {
                Attempt = 1,
                Route = asked.Name,
                Provider = asked.Targets[0].Provider.Name,
                Model = asked.Targets[0].Model,
                // A provider without a key has none to name.
                Credential = asked.Targets[0].Provider.Credentials is [var credential, ..] ? credential.Id : "",
            },
            budget
        );
}
