using System.Collections.Immutable;
using System.Text;
using Sluice.Calls;
using Sluice.Ledger;

namespace Sluice.Content;

/// <summary>The gates that one call has to pass, and what they do to it.</summary>
internal sealed class ContentCheck
{
    private readonly WebhookClient _webhooks;

    private ContentCheck(Call call, GatesOfStage request, GatesOfStage answer, WebhookClient webhooks)
    {
        Call = call;
        Request = request;
        Answer = answer;
        _webhooks = webhooks;
    }

    public Call Call { get; }

    /// <summary>Those that are asked about the request.</summary>
    public GatesOfStage Request { get; }

    /// <summary>Those that are asked about every attempt's answer.</summary>
    public GatesOfStage Answer { get; }

    /// <summary>The gates of a call; <see langword="null"/> where none is asked.</summary>
    public static ContentCheck? Of(Call call, ImmutableArray<ContentGate> gates, WebhookClient webhooks)
    {
        var asks = HoldRecord.Of(call, call.StartedAt);
        var (request, answer) = (new GatesOfStage(GateStage.Request), new GatesOfStage(GateStage.Answer));
        foreach (var gate in gates)
        {
            if (gate.Match.Matches(asks))
            {
                request.Add(gate);
                answer.Add(gate);
            }
        }

        return request.IsEmpty && answer.IsEmpty ? null : new ContentCheck(call, request, answer, webhooks);
    }

    /// <summary>Asks about texts that are whole.</summary>
    /// <returns>What each becomes, <see langword="null"/> where it stays; <see langword="null"/> where all do.</returns>
    /// <exception cref="ContentDeniedException">A gate does not allow them.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<string?[]?> AskAsync(IContentView view, GatesOfStage gates, CancellationToken cancellationToken)
    {
        if (gates.IsEmpty)
        {
            return null;
        }

        var texts = view.Texts;
        CheckSizes(texts, gates);
        var replaced = gates.Patterns.Count == 0 ? null : Match(texts, gates);
        foreach (var gate in gates.Webhooks)
        {
            replaced = await AskWebhookAsync(gate, texts, replaced, gates.Stage, cancellationToken).ConfigureAwait(false);
        }

        return replaced;
    }

    /// <summary>Notes what a gate did; the same only once.</summary>
    public void Acted(ContentGate gate, GateStage stage, GateVerdict verdict, string reason) =>
        Call.Record(new GateAction(gate.Name, stage, verdict, reason));

    /// <summary>Notes a denial, to be thrown.</summary>
    public ContentDeniedException Deny(ContentGate gate, GateStage stage, string reason)
    {
        Acted(gate, stage, GateVerdict.Denied, reason);
        return new ContentDeniedException(gate, stage, reason);
    }

    public ContentDeniedException Deny(ActivePattern denied, GateStage stage) =>
        Deny(denied.Gate, stage, $"something in it is what '{denied.Pattern.Name}' looks for");

    public void Redacted(ActivePattern found, GateStage stage) =>
        Acted(found.Gate, stage, GateVerdict.Redacted, $"took out what '{found.Pattern.Name}' looks for");

    /// <summary>Asks a webhook about texts.</summary>
    /// <exception cref="ContentDeniedException">It does not allow them, or cannot be asked and its gate is closed then.</exception>
    public async ValueTask<string?[]?> AskWebhookAsync(ContentGate gate, WebhookQuestion question, CancellationToken cancellationToken)
    {
        WebhookVerdict verdict;
        try
        {
            verdict = await _webhooks.AskAsync(gate, Call, question, cancellationToken).ConfigureAwait(false);
        }
        catch (WebhookException exception)
        {
            var reason = $"it cannot be asked: {exception.Message}";
            if (!gate.Webhook!.FailOpen)
            {
                throw Deny(gate, question.Stage, reason);
            }

            Acted(gate, question.Stage, GateVerdict.Unasked, reason);
            return null;
        }

        if (!verdict.Allowed)
        {
            throw Deny(gate, question.Stage, verdict.Reason ?? "it gave no reason");
        }

        if (verdict.Texts is not null)
        {
            Acted(gate, question.Stage, GateVerdict.Redacted, verdict.Reason ?? "put other words in the place of some");
        }

        return verdict.Texts;
    }

    private void CheckSizes(IReadOnlyList<ContentText> texts, GatesOfStage gates)
    {
        foreach (var (gate, most) in gates.Sizes)
        {
            var size = 0L;
            foreach (var text in texts)
            {
                size += (gate.Parts & text.Part) == 0 ? 0 : Encoding.UTF8.GetByteCount(text.Text);
            }

            if (size > most)
            {
                throw Deny(gate, gates.Stage, $"it has {size} bytes of text; {most} are allowed");
            }
        }
    }

    private string?[]? Match(IReadOnlyList<ContentText> texts, GatesOfStage gates)
    {
        string?[]? replaced = null;
        for (var i = 0; i < texts.Count; i++)
        {
            var patterns = gates.PatternsOf(texts[i].Part);
            if (patterns.Count == 0)
            {
                continue;
            }

            var watched = new WatchedText(patterns, 0, isJson: texts[i].Part == ContentParts.ToolArguments && IsJson(texts[i].Text));
            watched.Append(texts[i].Text);
            watched.Decide(final: true);
            if (watched.Denied is { } denied)
            {
                throw Deny(denied, gates.Stage);
            }

            if (watched.Render(watched.End, found => Redacted(found, gates.Stage)) is { } other)
            {
                (replaced ??= new string?[texts.Count])[i] = other;
            }
        }

        return replaced;
    }

    /// <summary>Arguments come as one JSON text, or as the values in it.</summary>
    private static bool IsJson(string arguments) => arguments.AsSpan().TrimStart() is ['{' or '[', ..];

    private async ValueTask<string?[]?> AskWebhookAsync(
        ContentGate gate,
        IReadOnlyList<ContentText> texts,
        string?[]? replaced,
        GateStage stage,
        CancellationToken cancellationToken
    )
    {
        var asked = new List<ContentText>();
        var places = new List<int>();
        for (var i = 0; i < texts.Count; i++)
        {
            if ((gate.Parts & texts[i].Part) != 0)
            {
                asked.Add(texts[i] with { Text = replaced?[i] ?? texts[i].Text });
                places.Add(i);
            }
        }

        if (await AskWebhookAsync(gate, new WebhookQuestion(stage, asked), cancellationToken).ConfigureAwait(false) is not { } other)
        {
            return replaced;
        }

        var all = new string?[texts.Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = replaced?[i];
        }

        for (var i = 0; i < places.Count; i++)
        {
            all[places[i]] = other[i] ?? all[places[i]];
        }

        return all;
    }
}
