using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Content;
using Sluice.Routing;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>A route as an <see cref="IChatClient"/>: the engine's records seen through the types of Microsoft.Extensions.AI.</summary>
internal sealed class SluiceChatClient(SluiceEngine engine, string route) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var (snapshot, call, request) = Begin(messages, options, stream: false);
        var committed = await SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
        await using (committed.ConfigureAwait(false))
        {
            var events = new List<AnswerEvent>();
            await foreach (var answerEvent in AnswerEvents.ReadAsync(committed).ConfigureAwait(false))
            {
                events.Add(answerEvent);
            }

            var receipt = engine.Finish(call, committed);
            return AnswerProjection.Response(WholeMessage.Of(events), committed.Answer, receipt);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var (snapshot, call, request) = Begin(messages, options, stream: true);
        var committed = await SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
        await using (committed.ConfigureAwait(false))
        {
            var projection = new UpdateProjection(committed.Answer, call);
            var events = AnswerEvents.ReadAsync(committed).GetAsyncEnumerator(cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (await NextAsync(events, call, committed).ConfigureAwait(false))
                {
                    foreach (var update in projection.Updates(events.Current))
                    {
                        yield return update;
                    }
                }
            }

            yield return projection.Last(engine.Finish(call, committed));
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("sluice", defaultModelId: route)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }

    private (Snapshot, Call, ClientRequest) Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var snapshot = engine.Configuration.Current;
        var records = RequestProjection.Read(messages, options, stream);
        var features = RequestProjection.FeaturesOf(records);
        try
        {
            return (
                snapshot,
                engine.Begin(
                    snapshot,
                    options?.ModelId ?? route,
                    features,
                    CallerOf(options),
                    options?.Deadline,
                    wishes: WishesOf(options)
                ),
                new ClientRequest(engine.Wires, records, features, SluiceChatOptionsExtensions.NativeMembers(options))
            );
        }
        catch (RequestException exception)
        {
            throw new ArgumentException(exception.Message, nameof(options), exception);
        }
    }

    private static Caller CallerOf(ChatOptions? options) =>
        options is null
            ? Caller.Anonymous
            : Caller.Anonymous with
            {
                Tenant = options.Tenant ?? "",
                User = options.EndUserId ?? "",
                Tags = options.Tags ?? [],
            };

    private static CallWishes? WishesOf(ChatOptions? options) =>
        options is null
            ? null
            : new CallWishes
            {
                Role = options.AgentRole ?? "",
                Task = options.TaskKind ?? "",
                Override = SluiceChatOptionsExtensions.OverrideOf(options),
            };

    private async ValueTask<Committed> SendAsync(Snapshot snapshot, Call call, ClientRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception
                    is RouteExhaustedException
                        or RouteNotFoundException
                        or RouteForbiddenException
                        or RequestException
                        or ContentDeniedException
            )
        {
            throw new SluiceException(exception.Message, engine.Finish(call, null), exception);
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<AnswerEvent> events, Call call, Committed committed)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ProviderException cut)
        {
            throw new SluiceException($"the answer was cut: {cut.Message}", engine.Finish(call, committed), cut);
        }
    }
}
