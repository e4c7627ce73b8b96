using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Gateway.Keys;

namespace Sluice.Cli.Commands;

/// <summary>What a key may do, as options of a command; without any, everything.</summary>
internal sealed class KeyRuleOptions
{
    private readonly Option<string?> _account = new("--account")
    {
        Description = "Who pays: organisation and team.",
        HelpName = "ACME/SEARCH",
    };
    private readonly Option<string?> _expires = new("--expires") { Description = "When it ends, such as 2027-01-31.", HelpName = "TIME" };
    private readonly Option<string[]> _routes = new("--route")
    {
        Description = "A name it may call; may be given again. Without it, all.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _noPins = new("--no-pins")
    {
        Description = "It may not name provider/model, nor use what passes through.",
    };
    private readonly Option<string[]> _roles = new("--role")
    {
        Description = "An agent role it may speak for with x-sluice-role; may be given again. Without it, none.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _overrides = new("--overrides")
    {
        Description = "It may say where one call goes instead of to its route, with x-sluice-override.",
    };
    private readonly Option<bool> _mints = new("--mints") { Description = "It may make keys, none stronger than itself." };
    private readonly Option<int?> _requestsPerMinute = new("--requests-per-minute") { HelpName = "N" };
    private readonly Option<int?> _requestsPerDay = new("--requests-per-day") { HelpName = "N" };
    private readonly Option<long?> _tokensPerMinute = new("--tokens-per-minute")
    {
        HelpName = "N",
        Description = "Input and output together.",
    };
    private readonly Option<long?> _tokensPerDay = new("--tokens-per-day") { HelpName = "N" };
    private readonly Option<int?> _concurrent = new("--concurrent") { HelpName = "N", Description = "Calls under way at once." };
    private readonly Option<string[]> _budgets = new("--budget")
    {
        Description = "What it may spend, such as \"25 USD per month\"; may be given again.",
        HelpName = "BUDGET",
    };

    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [
                    _account,
                    _expires,
                    _routes,
                    _noPins,
                    _roles,
                    _overrides,
                    _mints,
                    _requestsPerMinute,
                    _requestsPerDay,
                    _tokensPerMinute,
                    _tokensPerDay,
                    _concurrent,
                    _budgets,
                ]
        )
        {
            command.Add(option);
        }
    }

    /// <exception cref="Sluice.Gateway.GatewayException">A value is not what a key can have.</exception>
    public KeyRules Read(ParseResult parsed)
    {
        var json = new JsonObject();
        Put("account", parsed.GetValue(_account));
        Put("expires", parsed.GetValue(_expires));
        Put("routes", ListOf(parsed.GetValue(_routes)));
        Put("pins", parsed.GetValue(_noPins) ? false : null);
        Put("roles", ListOf(parsed.GetValue(_roles)));
        Put("overrides", parsed.GetValue(_overrides) ? true : null);
        Put("mints", parsed.GetValue(_mints) ? true : null);
        Put("requestsPerMinute", parsed.GetValue(_requestsPerMinute));
        Put("requestsPerDay", parsed.GetValue(_requestsPerDay));
        Put("tokensPerMinute", parsed.GetValue(_tokensPerMinute));
        Put("tokensPerDay", parsed.GetValue(_tokensPerDay));
        Put("concurrent", parsed.GetValue(_concurrent));
        Put("budgets", ListOf(parsed.GetValue(_budgets)));
        return KeyRules.Read(json);

        void Put(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }

    private static JsonArray? ListOf(string[]? texts) => texts is { Length: > 0 } ? [.. texts.Select(t => (JsonNode)t)] : null;
}
