using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Ledger;

namespace Sluice.Gateway.Events;

/// <summary>Carries what is worth to know of budgets from the ledger to log, metric and webhook, apart from the way of a call.</summary>
internal sealed partial class BudgetEvents : IAsyncDisposable
{
    /// <summary>Events that wait for their listeners; past it the oldest are dropped, which the log says.</summary>
    private const int MostWaiting = 1_000;

    private readonly SluiceEngine _engine;
    private readonly BudgetWebhook _webhook;
    private readonly ILogger _logger;
    private readonly Channel<BudgetEvent> _events;
    private readonly Channel<BudgetEvent> _posts;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _telling;
    private readonly Task _posting;

    public BudgetEvents(SluiceEngine engine, BudgetWebhook webhook, ILogger<BudgetEvents> logger)
    {
        (_engine, _webhook, _logger) = (engine, webhook, logger);
        (_events, _posts) = (Queue(), Queue());
        engine.Ledger.Teller.Told += Put;
        engine.Ledger.Exceeded += Doubt;
        (_telling, _posting) = (Task.Run(TellAsync), Task.Run(PostAsync));
    }

    private Channel<BudgetEvent> Queue() =>
        Channel.CreateBounded<BudgetEvent>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => LogDropped(_logger, dropped.Status.Name)
        );

    private void Put(BudgetEvent told) => _events.Writer.TryWrite(told);

    private void Doubt(HoldRecord hold, SettlementRecord settlement) =>
        LogExceeded(_logger, hold.Call, hold.Provider, hold.Model, settlement.Cost.ToString(), hold.Amount.ToString());

    private async Task TellAsync()
    {
        try
        {
            await foreach (var told in _events.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                var status = told.Status;
                LogTold(_logger, Words(told), status.Spent.ToString(), status.Budget.Limit.ToString(), status.Left.ToString());
                _engine.Metrics?.RecordBudget(status.Name, told.Kind.ToString());
                _posts.Writer.TryWrite(told);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <summary>Apart from the log: a receiver that is away for minutes keeps nobody else waiting.</summary>
    private async Task PostAsync()
    {
        try
        {
            await foreach (var told in _posts.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (_engine.Configuration.Current.Webhook is { } receiver)
                {
                    await _webhook.SendAsync(receiver, told, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private static string Words(BudgetEvent told)
    {
        var name = told.Status.Part is { } part ? $"{told.Status.Name}[{part}]" : told.Status.Name;
        return told.Kind switch
        {
            BudgetEventKind.UsedUp => $"Budget {name} is used up",
            BudgetEventKind.Depletion => $"Budget {name} will be used up within {told.Number:0} days",
            _ => $"Budget {name} is used to {told.Number:P0}",
        };
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Ledger.Teller.Told -= Put;
        _engine.Ledger.Exceeded -= Doubt;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_telling, _posting).ConfigureAwait(false);
        _stop.Dispose();
        _webhook.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "{What}: {Spent} spent of {Limit}, {Left} left")]
    private static partial void LogTold(ILogger logger, string what, string spent, string limit, string left);

    [LoggerMessage(
        LogLevel.Error,
        "Call {Call}: {Provider}/{Model} cost {Cost} USD, more than the {Hold} USD that were held: its price is wrong; compare it with `sluice catalog diff`, or set it under \"models\""
    )]
    private static partial void LogExceeded(ILogger logger, string call, string provider, string model, string cost, string hold);

    [LoggerMessage(LogLevel.Error, "Too many budget events wait for the webhook: one of budget {Budget} was dropped")]
    private static partial void LogDropped(ILogger logger, string budget);
}
