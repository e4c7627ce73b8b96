using System.Collections.Immutable;
using Sluice.Admission;
using Sluice.Admission.Health;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Content;
using Sluice.Ledger;
using Sluice.Routing;
using Sluice.Telemetry;
using Sluice.Upstream;
using Sluice.Wires;

namespace Sluice;

/// <summary>One call through every step: route, attempts, admission, wire, ledger. The gateway and the library both stand on it.</summary>
internal sealed class SluiceEngine : IAsyncDisposable
{
    private readonly AttemptLoop _loop;
    private readonly Selection _selection;
    private readonly Explaining _explaining;
    private readonly PassThrough _passThrough;
    private readonly TokenCounter _tokens;
    private readonly UpstreamClient _upstream;
    private readonly TimeProvider _time;
    private readonly QuotaRecords _quotaRecords;
    private readonly WebhookClient _webhooks;
    private readonly QuotaInForce _quota;
    private ImmutableArray<Budget> _budgetsOfKeys = [];

    public SluiceEngine(LiveConfiguration configuration, LedgerBook ledger, EngineOptions options)
    {
        Configuration = configuration;
        Ledger = ledger;
        _time = options.Time;
        _upstream = new UpstreamClient(options.Upstream, _time);
        _webhooks = new WebhookClient(options.Upstream, _time);
        Wires = KnownWires.Create();
        Metrics = options.Metrics;
        ledger.Apply(configuration.Current.Budgets);
        configuration.Swapped += snapshot =>
        {
            ledger.Apply(snapshot.Budgets.AddRange(_budgetsOfKeys));
            ledger.Apply(snapshot.Ledger);
        };
        var budgets = new BudgetGate(ledger, _time);
        _quota = new QuotaInForce(options.Quota, options.Upstream, _time);
        _quota.Apply(configuration.Current.Quota);
        configuration.Swapped += snapshot => _quota.Apply(snapshot.Quota);
        _quotaRecords = new QuotaRecords(() => _quota.Current, _time);
        var quota = new QuotaGate(() => _quota.Current, _quotaRecords);
        Health = new TargetHealth(new Facts(_time), _time) { Settings = configuration.Current.Breaker };
        configuration.Swapped += snapshot => Health.Settings = snapshot.Breaker;
        var retries = new RetryBudget(_time) { Settings = configuration.Current.RetryBudget };
        configuration.Swapped += snapshot => retries.Settings = snapshot.RetryBudget;
        HealthFile = options.HealthFile is { } path ? new HealthFile(path, Health, _time) : null;
        var breaker = new BreakerGate(Health, _time, options.Random);
        var loads = new LoadGate(_time) { Watches = configuration.Current.Table.HasOrders };
        configuration.Swapped += snapshot => loads.Watches = snapshot.Table.HasOrders;
        var gates = new Gates(new FactGate(Health, _time), breaker, quota, budgets, loads);
        var pool = new PoolAdmission(gates, new KeyOrder(Health));
        _selection = new Selection(new Ordering(loads, new Dice(options.Random.NextInt64()), _time), ledger, _time);
        _loop = new AttemptLoop(
            pool,
            new HttpOpener(_upstream, Wires, _time),
            new RecentExhaustion(_time),
            retries,
            _selection.Affinity,
            _time,
            options.Random
        );
        _explaining = new Explaining(_selection, ledger, Health, budgets, _time);
        _passThrough = new PassThrough(new Gates(quota, budgets), _upstream, Wires, _time);
        _tokens = new TokenCounter(_upstream, _time);
    }

    public LiveConfiguration Configuration { get; }

    public LedgerBook Ledger { get; }

    public WireTable Wires { get; }

    /// <summary>How every target stands that was tried.</summary>
    public TargetHealth Health { get; }

    /// <summary>Where that is kept over a restart; <see langword="null"/> where nothing is.</summary>
    public HealthFile? HealthFile { get; }

    public CallMetrics? Metrics { get; }

    public RecentReceipts Receipts { get; } = new();

    public TimeProvider Time => _time;

    /// <summary>Takes the limits and budgets of callers' keys into use, beside those of the configuration.</summary>
    public void ApplyKeys(ImmutableArray<Budget> budgets)
    {
        _budgetsOfKeys = budgets;
        Ledger.Apply(Configuration.Current.Budgets.AddRange(budgets));
    }

    /// <summary>A call under the configuration of this moment, which it keeps to its end.</summary>
    public Call Begin(
        Snapshot snapshot,
        string route,
        CallFeatures features,
        Caller caller,
        TimeSpan? deadline = null,
        Keeper? keeper = null,
        CallWishes? wishes = null
    ) =>
        new()
        {
            Id = $"call_{Guid.CreateVersion7(_time.GetUtcNow()):N}",
            RouteAsked = route,
            Features = features,
            StartedAt = _time.GetUtcNow(),
            Revision = snapshot.Revision,
            Caller = caller,
            Deadline = deadline,
            Keeper = keeper,
            Wishes = wishes ?? CallWishes.None,
        };

    /// <summary>Drives a call to a committed answer. A whole answer is settled when this returns; a stream settles with its last frame.</summary>
    /// <exception cref="Routing.RouteNotFoundException">Nothing has the name that was asked.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key may not call it.</exception>
    /// <exception cref="RouteExhaustedException">No target answered.</exception>
    /// <exception cref="RequestException">The request is wrong in itself.</exception>
    /// <exception cref="ContentDeniedException">A content gate does not allow the request.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public ValueTask<Committed> SendAsync(Snapshot snapshot, Call call, ClientRequest request, CancellationToken cancellationToken)
    {
        var asked = Asked(snapshot, call);
        return GatesOf(snapshot, call) is not { } check
            ? RunAsync(snapshot, call, asked, request, cancellationToken)
            : SendGatedAsync(snapshot, check, asked, request, cancellationToken);
    }

    /// <summary>The route a call asks for; from then on the call knows which role it counts for, for gates, rules and budgets alike.</summary>
    /// <exception cref="Routing.RouteNotFoundException">Nothing has the name that was asked.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key may not call it, or not speak for the role he says.</exception>
    public static Route Asked(Snapshot snapshot, Call call)
    {
        var asked = snapshot.Table.Resolve(call.RouteAsked, call.Caller, call.Keeper);
        call.Role = RoleOfCall.Of(call, asked);
        return asked;
    }

    /// <summary>Selects and tries: what content gates have changed is what rules see.</summary>
    private ValueTask<Committed> RunAsync(
        Snapshot snapshot,
        Call call,
        Route asked,
        ClientRequest request,
        CancellationToken cancellationToken
    )
    {
        var itinerary = _selection.Of(snapshot.Table, snapshot.Policy, call, asked, request);
        return _loop.RunAsync(call, asked, itinerary, request, snapshot.Ledger, cancellationToken);
    }

    /// <summary>The content gates that a call has to pass; <see langword="null"/> where there are none.</summary>
    public ContentCheck? GatesOf(Snapshot snapshot, Call call) =>
        snapshot.Gates.IsEmpty ? null : ContentCheck.Of(call, snapshot.Gates, _webhooks);

    private async ValueTask<Committed> SendGatedAsync(
        Snapshot snapshot,
        ContentCheck check,
        Route asked,
        ClientRequest request,
        CancellationToken cancellationToken
    )
    {
        var admitted = await GatedCalls.AdmitAsync(check, request, cancellationToken).ConfigureAwait(false);
        var committed = await RunAsync(snapshot, check.Call, asked, admitted, cancellationToken).ConfigureAwait(false);
        GatedCalls.Report(check.Call);
        return committed;
    }

    /// <summary>Where a call would go, why, and what it could cost at worst. Nobody is asked, and nothing is held or booked.</summary>
    /// <exception cref="Routing.RouteNotFoundException">Nothing has the name that was asked.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key does not allow it.</exception>
    public Explanation Explain(Snapshot snapshot, Call call, ClientRequest request) =>
        _explaining.Of(snapshot.Table, snapshot.Policy, call, Asked(snapshot, call), request);

    /// <summary>Asks a provider about something it keeps; nothing is held or booked for it.</summary>
    /// <exception cref="HttpRequestException">The provider was not reached.</exception>
    /// <exception cref="ProviderException">There is nothing to log in with.</exception>
    public Task<HttpResponseMessage> AskAsync(
        HttpMethod method,
        Uri address,
        Provider provider,
        Credential credential,
        CancellationToken cancellationToken
    ) => _upstream.AskAsync(method, address, provider, credential, cancellationToken);

    /// <inheritdoc cref="PassThrough.SendAsync"/>
    public ValueTask<Committed> PassAsync(Snapshot snapshot, Call call, PassRequest request, CancellationToken cancellationToken) =>
        _passThrough.SendAsync(call, request, snapshot.Ledger, cancellationToken);

    /// <inheritdoc cref="TokenCounter.CountAsync"/>
    public ValueTask<TokenCount> CountTokensAsync(
        Route route,
        WireKind wire,
        RequestHead head,
        Func<RequestHead, Target, ReadOnlyMemory<byte>> bodyFor,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    ) => _tokens.CountAsync(route, wire, head, bodyFor, headers, cancellationToken);

    /// <summary>Closes a call: its receipt is kept for a while, its facts go to telemetry.</summary>
    public Receipt Finish(Call call, Committed? committed)
    {
        var receipt = ReceiptOf(call, committed);
        Receipts.Add(receipt);
        Metrics?.Record(receipt);
        return receipt;
    }

    /// <summary>The receipt as far as it is known.</summary>
    private static Receipt ReceiptOf(Call call, Committed? committed)
    {
        var last = committed?.Last;
        var answered = last is null ? null : call.AttemptOf(last.Number);
        return new Receipt
        {
            Call = call.Id,
            Route = call.RouteAsked,
            ActualRoute = last?.Route.Name,
            Target = last?.Target.Name,
            Key = call.Caller.Key,
            StartedAt = call.StartedAt,
            Revision = call.Revision,
            Rule = call.Redirection?.Rule,
            Because = call.Redirection?.Because,
            Attempts = [.. call.Attempts],
            Rejections = [.. call.Rejections],
            Order = [.. call.Places],
            Degradations = [.. call.Degradations, .. Aging(committed?.Candidate.Target.Card, call.StartedAt)],
            Gates = [.. call.GateActions],
            OutputLimitSet = call.OutputLimitSet,
            Continued = committed?.Continuing?.Last is not null,
            Usage = committed?.Continuing?.Usage ?? answered?.Usage ?? Money.Usage.None,
            Cost = call.Cost,
            Complete = answered?.Outcome == AttemptOutcome.Completed,
        };
    }

    /// <summary>What is to be known of a model that will not be there for long; the answer itself lacks nothing.</summary>
    private static IEnumerable<Degradation> Aging(ModelCard? card, DateTimeOffset now) =>
        card?.LifecycleAt(now) switch
        {
            null or ModelLifecycle.Current => [],
            ModelLifecycle.Retired => [new Degradation("model", $"{card.Id} is retired{OnDay(card)}")],
            _ => [new Degradation("model", $"{card.Id} is deprecated and will be retired{OnDay(card)}")],
        };

    private static string OnDay(ModelCard card) => card.Retires is { } day ? $", on {day:yyyy-MM-dd}" : "";

    public async ValueTask DisposeAsync()
    {
        await _quotaRecords.DisposeAsync().ConfigureAwait(false);
        _quota.Dispose();
        if (HealthFile is { } file)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }

        _upstream.Dispose();
        _webhooks.Dispose();
        await Ledger.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>What an engine takes from outside: clock, chance, the way to providers.</summary>
internal sealed record EngineOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Jitter of pauses.</summary>
    public Random Random { get; init; } = new();

    public UpstreamOptions Upstream { get; init; } = new();

    public CallMetrics? Metrics { get; init; }

    /// <summary>Where what is known of targets is kept over a restart; <see langword="null"/> for nowhere.</summary>
    public string? HealthFile { get; init; }

    /// <summary>An authority over quotas that the program has itself; it stays, whatever the configuration names.</summary>
    public IQuotaProvider? Quota { get; init; }
}
