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
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public BudgetEvents(SluiceEngine engine, BudgetWebhook webhook, ILogger<BudgetEvents> logger)
    {
        (_engine, _webhook, _logger) = (engine, webhook, logger);
        _events = Channel.CreateBounded<BudgetEvent>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => LogDropped(_logger, dropped.Status.Name)
        );
        engine.Ledger.Teller.Told += Put;
        _loop = Task.Run(RunAsync);
    }

    private void Put(BudgetEvent told) => _events.Writer.TryWrite(told);

    private async Task RunAsync()
    {
        try
        {
            await foreach (var told in _events.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                var status = told.Status;
                LogTold(_logger, Words(told), status.Spent.ToString(), status.Budget.Limit.ToString(), status.Left.ToString());
                _engine.Metrics?.RecordBudget(status.Name, told.Kind.ToString());
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
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
        _webhook.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "{What}: {Spent} spent of {Limit}, {Left} left")]
    private static partial void LogTold(ILogger logger, string what, string spent, string limit, string left);

    [LoggerMessage(LogLevel.Error, "Too many budget events wait for the webhook: one of budget {Budget} was dropped")]
    private static partial void LogDropped(ILogger logger, string budget);
}
