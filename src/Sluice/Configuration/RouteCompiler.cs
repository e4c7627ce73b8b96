using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>Compiles <c>routes</c>: names become targets, and everything a route may not be is noted.</summary>
internal sealed class RouteCompiler(IReadOnlyDictionary<string, Provider> providers, ModelCatalog models, ReadContext context)
{
    /// <summary>Request members that routing and relaying stand on.</summary>
    private static readonly string[] NotFixed = ["model", "messages", "stream"];

    /// <summary>Request members that money is held for.</summary>
    private static readonly string[] Counts = ["max_tokens", "max_completion_tokens", "n"];

    public FrozenDictionary<string, Route> Compile(Section root)
    {
        var sections = root.Children("routes", "route").ToList();
        var own = sections.Where(s => !s.Value.Has("use")).ToDictionary(s => s.Name, s => Compile(s.Name, s.Value));
        var routes = new Dictionary<string, Route>(own);
        foreach (var (name, section) in sections.Where(s => s.Value.Has("use")))
        {
            if (Used(name, section, own) is { } copy)
            {
                routes[name] = copy;
            }
        }

        if (routes.Count == 1)
        {
            var (name, only) = routes.Single();
            routes[name] = only with { Default = !only.Placeholder };
        }

        RouteInvariants.Check(routes, context);
        return routes.ToFrozenDictionary();
    }

    private static Route? Used(string name, Section section, Dictionary<string, Route> own)
    {
        var used = section.Text("use");
        if (used is null || !own.TryGetValue(used, out var source))
        {
            var near = NearNames.Of(used ?? "", own.Keys);
            section.Error(
                "use",
                $"route '{used}' does not exist",
                near.Count > 0 ? $"did you mean '{near[0]}'?" : "name a route with targets"
            );
            return null;
        }

        return source with
        {
            Name = name,
            Role = section.Text("role") ?? source.Role,
            Default = section.Flag("default"),
        };
    }

    private Route Compile(string name, Section section)
    {
        var deadlines = section.Child("deadlines", "deadlines");
        var retry = section.Child("retry", "retry");
        var (d, r) = (new Deadlines(), new RetryPolicy());
        return new Route
        {
            Name = name,
            Tier = section.Choice<Tier>("tier") ?? Tier.Standard,
            Default = section.Flag("default"),
            Placeholder = section.Flag("placeholder"),
            Role = section.Text("role"),
            Targets = [.. section.Items("targets").Select(t => Target(t.Value, t.Path)).OfType<Target>()],
            Order = section.Choice<TargetOrder>("order") ?? TargetOrder.Listed,
            StickyBy = section.Choice<StickyBy>("stickyBy") ?? StickyBy.None,
            Affinity = section.Choice<AffinityMode>("affinity") != AffinityMode.Off,
            Fallback = ReadFallback(section),
            Hedge = section.Duration("hedge"),
            OnCut = section.Choice<OnCut>("onCut") ?? OnCut.Error,
            MaxOutput = section.Count("maxOutput", 1, 10_000_000) ?? 16_384,
            OnShort = section.Has("onShort") ? section.Choices<OnShort>("onShort") : [OnShort.Cheaper, OnShort.Refuse],
            BudgetWait = section.Duration("budgetWait") ?? TimeSpan.Zero,
            ServerToolRounds = section.Count("serverToolRounds", 1, 1_000) ?? 10,
            OnUnsupported = section.Choice<OnUnsupported>("onUnsupported") ?? OnUnsupported.Warn,
            AlsoFailOver = section
                .Texts("alsoFailOver")
                .Select((c, i) => Class(c, $"{section.PathOf("alsoFailOver")}[{i}]"))
                .OfType<FailureClass>()
                .ToFrozenSet(),
            Deadlines = new Deadlines
            {
                Call = section.Duration("deadline") ?? d.Call,
                Attempt = deadlines?.Duration("attempt"),
                Connect = deadlines?.Duration("connect") ?? d.Connect,
                Headers = deadlines?.Duration("headers"),
                FirstContent = deadlines?.Duration("firstContent"),
                BetweenEvents = deadlines?.Duration("betweenEvents") ?? d.BetweenEvents,
            },
            Retry = new RetryPolicy
            {
                Attempts = retry?.Count("attempts", 0, 10) ?? r.Attempts,
                MaxWait = retry?.Duration("maxWait") ?? r.MaxWait,
                Backoff = retry?.Duration("backoff") ?? r.Backoff,
            },
        };
    }

    private Target? Target(JsonNode node, string path)
    {
        if (node is JsonObject fields)
        {
            return Detailed(new Section(fields, path, "target", context));
        }

        if (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Split('/', 2) is [var provider, var model])
        {
            return Known(path, provider, model);
        }

        context.Error(path, $"{node.ToJsonString()} is not a target", "write \"provider/model\"");
        return null;
    }

    private Target? Detailed(Section section)
    {
        var (name, model) = (section.Text("provider"), section.Reference("model"));
        if (name is null || model is null)
        {
            context.Error(section.Path, "a target needs a provider and a model", "write { \"provider\": \"…\", \"model\": \"…\" }");
            return null;
        }

        if (section.Flag("unlisted") && !section.Has("price"))
        {
            section.Error("price", "an unlisted model needs a price", "give input and output in dollars per million tokens");
        }

        var target = section.Has("price") ? Priced(section, name, model) : Known(section.Path, name, model);
        return target is null
            ? null
            : target with
            {
                Parameters = Parameters(section),
                Weight = section.Count("weight", 0, 1_000_000) ?? 1,
            };
    }

    private Target? Priced(Section section, string name, string model)
    {
        if (Provider(section.Path, name) is not { } provider)
        {
            return null;
        }

        var card =
            models.Find(provider.Dialect.Models, model)
            ?? ModelCard.OfLocal(provider.Dialect.Name, model) with
            {
                Price = null,
                MaxOutput = 32_768,
            };
        return new Target
        {
            Provider = provider,
            Model = model,
            Card = PriceReader.Apply(card, section) with
            {
                ContextWindow = section.Count("contextWindow", 1, int.MaxValue) ?? card.ContextWindow,
                MaxOutput = section.Count("maxOutput", 1, int.MaxValue) ?? card.MaxOutput,
            },
        };
    }

    private Target? Known(string path, string name, string model)
    {
        if (Provider(path, name) is not { } provider)
        {
            return null;
        }

        var card = models.Find(provider.Dialect.Models, model);
        if (card is null && !provider.Local)
        {
            var near = NearNames.Of(model, models.Cards.Where(c => c.Provider == provider.Dialect.Models).Select(c => c.Id));
            var hint = near.Count > 0 ? $"did you mean '{near[0]}'? Otherwise " : "";
            context.Error(
                path,
                $"'{name}' has no model '{model}' in the catalogue",
                hint + "write it as an object with \"unlisted\": true and a \"price\""
            );
            return null;
        }

        return new Target
        {
            Provider = provider,
            Model = model,
            Card = provider.Local ? (card ?? ModelCard.OfLocal(provider.Dialect.Name, model)) with { Price = Price.Free } : card!,
        };
    }

    private Provider? Provider(string path, string name)
    {
        if (providers.TryGetValue(name, out var provider))
        {
            return provider;
        }

        var near = NearNames.Of(name, providers.Keys);
        context.Error(
            path,
            $"provider '{name}' is not configured",
            near.Count > 0 ? $"did you mean '{near[0]}'?" : "add it under \"providers\""
        );
        return null;
    }

    private static ImmutableDictionary<string, JsonElement> Parameters(Section section)
    {
        if (section.Node("parameters") is not { } node)
        {
            return ImmutableDictionary<string, JsonElement>.Empty;
        }

        if (node is not JsonObject parameters)
        {
            section.Error("parameters", "not an object", "write { \"temperature\": 0 }");
            return ImmutableDictionary<string, JsonElement>.Empty;
        }

        foreach (var (name, value) in parameters)
        {
            if (NotFixed.Contains(name))
            {
                section.Error($"parameters.{name}", "cannot be fixed for a target", "leave it out");
            }
            else if (Counts.Contains(name) && !(value is JsonValue number && number.TryGetValue<int>(out var count) && count > 0))
            {
                section.Error(
                    $"parameters.{name}",
                    $"{value?.ToJsonString() ?? "null"} is no number of tokens or answers",
                    "write a whole number above 0"
                );
            }
        }

        using var document = JsonDocument.Parse(parameters.ToJsonString());
        return document.RootElement.EnumerateObject().ToImmutableDictionary(p => p.Name, p => p.Value.Clone());
    }

    private Fallback ReadFallback(Section section)
    {
        switch (section.Node("fallback"))
        {
            case null:
                return Fallback.None;
            case JsonObject map:
                var byClass = new Dictionary<FailureClass, string>();
                string? otherwise = null;
                foreach (var (key, value) in map)
                {
                    var path = $"{section.PathOf("fallback")}.{key}";
                    if (value?.GetValueKind() != JsonValueKind.String)
                    {
                        context.Error(path, "not the name of a route", "put it in quotes");
                    }
                    else if (key == "*")
                    {
                        otherwise = value.GetValue<string>();
                    }
                    else if (Class(key, path) is { } failure)
                    {
                        byClass[failure] = value.GetValue<string>();
                    }
                }

                return new Fallback { Otherwise = otherwise, ByClass = byClass.ToFrozenDictionary() };
            default:
                return new Fallback { Otherwise = section.Text("fallback") };
        }
    }

    private FailureClass? Class(string name, string path)
    {
        if (!name.Any(char.IsAsciiDigit) && Enum.TryParse<FailureClass>(name, ignoreCase: true, out var failure))
        {
            return failure;
        }

        context.Error(path, $"'{name}' is not a failure class", $"known are {string.Join(", ", Enum.GetNames<FailureClass>())}");
        return null;
    }
}
