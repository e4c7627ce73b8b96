using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>Compares what happened in a whole scenario with what was expected of it.</summary>
internal sealed class EndCheck(EndExpectation expect, Timeline timeline, ScriptedProviders providers, Tolerance tolerance)
{
    public IEnumerable<string> Failures(TimeSpan took) =>
        [.. SpanCheck.Failures(expect.Elapsed, took, "expect.elapsed", tolerance), .. Order(), .. expect.Sent.SelectMany(Sent)];

    private IEnumerable<string> Order()
    {
        var next = 0;
        foreach (var (at, what) in timeline.Entries)
        {
            if (next < expect.Order.Count && expect.Order[next].What == what)
            {
                var latest = expect.Order[next++].By;
                if (latest is { } by && at > by + tolerance.Late)
                {
                    yield return $"expect.order[{next - 1}]: expected '{what}' by {Story.Seconds(by)}, was at {Story.Seconds(at)}";
                }
            }
        }

        if (next < expect.Order.Count)
        {
            var after = next == 0 ? "" : $" after '{expect.Order[next - 1].What}'";
            yield return $"expect.order[{next}]: expected '{expect.Order[next].What}'{after}, which did not happen";
        }
    }

    private IEnumerable<string> Sent(SentExpectation sent)
    {
        var requests = providers.Requests.Where(r => r.Target == sent.Target).ToList();
        if (requests.Count < sent.Number)
        {
            yield return $"{sent.Path}: expected request {sent.Number} to {sent.Target}, there were {requests.Count}";
            yield break;
        }

        var request = requests[sent.Number - 1].Request;
        var body = JsonNode.Parse(request.Body.Span);
        foreach (var (name, wanted) in sent.Has ?? [])
        {
            var had = (body as JsonObject)?[name];
            if (!Covers(had, wanted))
            {
                yield return $"{sent.Path}.has.{name}: expected {wanted?.ToJsonString() ?? "null"}, was {had?.ToJsonString() ?? "none"}";
            }
        }

        var text = body?.ToJsonString() ?? "";
        foreach (var lacked in sent.Lacks.Where(l => text.Contains(l, StringComparison.Ordinal)))
        {
            yield return $"{sent.Path}.lacks: expected no '{lacked}', was in the request to {sent.Target}";
        }

        foreach (var (name, wanted) in sent.Headers)
        {
            var had = request.Headers.GetValueOrDefault(name.ToLowerInvariant());
            if (had != wanted)
            {
                yield return $"{sent.Path}.headers.{name}: expected {wanted}, was {had ?? "none"}";
            }
        }
    }

    /// <summary>Whether everything that is wanted is there; objects may have more.</summary>
    private static bool Covers(JsonNode? had, JsonNode? wanted) =>
        (had, wanted) switch
        {
            (JsonObject whole, JsonObject part) => part.All(m => Covers(whole[m.Key], m.Value)),
            (JsonArray whole, JsonArray part) => whole.Count == part.Count && whole.Zip(part).All(p => Covers(p.First, p.Second)),
            _ => JsonNode.DeepEquals(had, wanted),
        };
}
