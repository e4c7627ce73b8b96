using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Gateway.Admin;

/// <summary>A question where a call would go, and its answer, as JSON.</summary>
/// <remarks>
/// The question: <c>route</c> for a prompt of four thousand letters, or <c>request</c> with its <c>protocol</c>; beside it, who asks and
/// what he says of the call: <c>tenant</c>, <c>user</c>, <c>account</c>, <c>tags</c>, <c>role</c>, <c>task</c>, <c>override</c>.
/// </remarks>
internal static class ExplainJson
{
    private const int SampleLetters = 4_000;

    private static readonly string[] Known =
    [
        "route",
        "request",
        "protocol",
        "tenant",
        "user",
        "account",
        "tags",
        "role",
        "task",
        "override",
    ];

    /// <exception cref="GatewayException">The question cannot be read.</exception>
    /// <exception cref="RequestException">The request in it is none of its protocol.</exception>
    public static JsonObject Answer(SluiceEngine engine, JsonObject question)
    {
        if (question.FirstOrDefault(m => !Known.Contains(m.Key)) is { Key: { } unknown })
        {
            throw new GatewayException($"{unknown}: not known of a question; known are {string.Join(", ", Known)}");
        }

        var snapshot = engine.Configuration.Current;
        var (request, model) = RequestOf(engine, question);
        var caller = Caller.Anonymous with
        {
            Tenant = Text(question, "tenant"),
            User = Text(question, "user"),
            Account = Text(question, "account"),
            Tags = Text(question, "tags").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        var wishes = new CallWishes
        {
            Role = Text(question, "role"),
            Task = Text(question, "task"),
            Override = Text(question, "override") is { Length: > 0 } name ? new CallOverride(name, "") : null,
        };
        var route = Text(question, "route") is { Length: > 0 } asked ? asked : model;
        var call = engine.Begin(snapshot, route, request.Features, caller, wishes: wishes);
        return Write(engine.Explain(snapshot, call, request));
    }

    private static (ClientRequest Request, string Model) RequestOf(SluiceEngine engine, JsonObject question)
    {
        if (question["request"] is not { } body)
        {
            var sample = ChatRequest.OfPrompt(new string('x', SampleLetters), stream: false);
            return (new ClientRequest(engine.Wires, sample, RequestProjection.FeaturesOf(sample)), "");
        }

        var name = Text(question, "protocol") is { Length: > 0 } said ? said : "openai-chat";
        var kind = WireName.Parse(name) ?? throw new GatewayException($"protocol: '{name}' is none of {string.Join(", ", WireName.All)}");
        var wire = engine.Wires[kind];
        var head = wire.ReadHead(Encoding.UTF8.GetBytes(body.ToJsonString()), new RequestAddress(null, false));
        return (new ClientRequest(engine.Wires, wire, head, []), head.Model);
    }

    private static JsonObject Write(Explanation explanation)
    {
        var json = new JsonObject
        {
            ["route"] = explanation.Asked.Name,
            ["tier"] = explanation.Asked.Tier.ToString().ToLowerInvariant(),
            ["actualRoute"] = explanation.Taken.Name,
            ["inputTokens"] = explanation.InputTokens,
        };
        if (explanation.Redirection is { } redirection)
        {
            json["rule"] = redirection.Rule;
            json["because"] = redirection.Because;
        }

        json["targets"] = new JsonArray([.. explanation.Targets.Select(t => (JsonNode)Write(t))]);
        json["budgets"] = new JsonArray([.. explanation.Budgets.Select(b => (JsonNode)BudgetJson.Write(b))]);
        return json;
    }

    private static JsonObject Write(ExplainedTarget target) =>
        new()
        {
            ["target"] = target.Target.Name,
            ["route"] = target.Route,
            ["because"] = target.Because,
            ["refused"] = target.Refused,
            ["worstCase"] = target.WorstCase?.ToString() ?? "unknown",
            ["outputLimit"] = target.OutputLimit,
            ["degradations"] = new JsonArray([
                .. target.Degradations.Select(d => (JsonNode)new JsonObject { ["feature"] = d.Feature, ["action"] = d.Action }),
            ]),
        };

    private static string Text(JsonObject question, string member) =>
        question[member] is not { } value ? ""
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : throw new GatewayException($"{member}: not a text");
}
