using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Ledger;

namespace Sluice.Gateway.Keys;

/// <summary>What a key may do. Kept as JSON beside its hash; what is not said is not limited.</summary>
internal sealed record KeyRules
{
    /// <summary>Who pays, from the organisation down to the team: <c>acme/search</c>.</summary>
    public string Account { get; init; } = "";

    /// <summary>From when on it is worth nothing.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The names it may call; empty for all.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];

    /// <summary>Whether it may name <c>provider/model</c>, and use what passes through to a provider.</summary>
    public bool Pins { get; init; } = true;

    /// <summary>The agent roles it may speak for, with <c>*</c> at the end for any ending; none where nothing is said.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Whether it may say where one call goes instead of to its route.</summary>
    public bool Overrides { get; init; }

    /// <summary>Whether it may make keys, none of them stronger than itself.</summary>
    public bool Mints { get; init; }

    public RateLimits Limits { get; init; } = new();

    /// <summary>What it may spend, itself and with the keys it makes.</summary>
    public ImmutableArray<KeyBudget> Budgets { get; init; } = [];

    /// <summary>What of these a key with other rules could not give away; nothing, where these are nowhere stronger.</summary>
    /// <remarks>Budgets need no comparing: what a key spends counts for every key it was made with.</remarks>
    public IEnumerable<string> BeyondThoseOf(KeyRules maker)
    {
        if (maker.Account.Length > 0 && Account != maker.Account && !Account.StartsWith(maker.Account + "/", StringComparison.Ordinal))
        {
            yield return $"account '{Account}' is not within '{maker.Account}'";
        }

        if (maker.Expires is { } end && !(Expires <= end))
        {
            yield return $"it would outlive the key it is made with, which expires {end:yyyy-MM-dd'T'HH:mm:ss'Z'}";
        }

        if (!maker.Routes.IsEmpty && (Routes.IsEmpty || Routes.Any(r => !NamePattern.AnyCovers(maker.Routes, r))))
        {
            yield return $"routes go beyond {string.Join(", ", maker.Routes)}";
        }

        if (Pins && !maker.Pins)
        {
            yield return "pins are not allowed";
        }

        if (Roles.Any(r => !NamePattern.AnyCovers(maker.Roles, r)))
        {
            yield return maker.Roles.IsEmpty ? "speaking for a role is not allowed" : $"roles go beyond {string.Join(", ", maker.Roles)}";
        }

        if (Overrides && !maker.Overrides)
        {
            yield return "overrides are not allowed";
        }

        if (Mints && !maker.Mints)
        {
            yield return "making keys is not allowed";
        }

        if (!Limits.WithinOf(maker.Limits))
        {
            yield return "limits are above those of the key it is made with";
        }
    }

    public JsonObject Write()
    {
        var json = new JsonObject();
        Put("account", Account.Length > 0 ? Account : null);
        Put("expires", Expires?.ToString("O", CultureInfo.InvariantCulture));
        Put("routes", Routes.IsEmpty ? null : new JsonArray([.. Routes.Select(r => (JsonNode)r)]));
        Put("pins", Pins ? null : false);
        Put("roles", Roles.IsEmpty ? null : new JsonArray([.. Roles.Select(r => (JsonNode)r)]));
        Put("overrides", Overrides ? true : null);
        Put("mints", Mints ? true : null);
        Put("requestsPerMinute", Limits.RequestsPerMinute);
        Put("requestsPerDay", Limits.RequestsPerDay);
        Put("tokensPerMinute", Limits.TokensPerMinute);
        Put("tokensPerDay", Limits.TokensPerDay);
        Put("concurrent", Limits.Concurrent);
        Put("budgets", Budgets.IsEmpty ? null : new JsonArray([.. Budgets.Select(b => (JsonNode)b.ToString())]));
        return json;

        void Put(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }

    /// <exception cref="GatewayException">A member is not known or not of its kind.</exception>
    public static KeyRules Read(JsonObject json)
    {
        var rules = new KeyRules();
        foreach (var (name, value) in json)
        {
            try
            {
                rules = name switch
                {
                    "account" => rules with { Account = AccountOf(value!.GetValue<string>()) },
                    "expires" => rules with { Expires = MomentOf(value!.GetValue<string>()) },
                    "routes" => rules with { Routes = [.. value!.AsArray().Select(r => r!.GetValue<string>())] },
                    "pins" => rules with { Pins = value!.GetValue<bool>() },
                    "roles" => rules with { Roles = [.. value!.AsArray().Select(r => r!.GetValue<string>())] },
                    "overrides" => rules with { Overrides = value!.GetValue<bool>() },
                    "mints" => rules with { Mints = value!.GetValue<bool>() },
                    "requestsPerMinute" => rules with { Limits = rules.Limits with { RequestsPerMinute = Count<int>(value) } },
                    "requestsPerDay" => rules with { Limits = rules.Limits with { RequestsPerDay = Count<int>(value) } },
                    "tokensPerMinute" => rules with { Limits = rules.Limits with { TokensPerMinute = Count<long>(value) } },
                    "tokensPerDay" => rules with { Limits = rules.Limits with { TokensPerDay = Count<long>(value) } },
                    "concurrent" => rules with { Limits = rules.Limits with { Concurrent = Count<int>(value) } },
                    "budgets" => rules with { Budgets = [.. value!.AsArray().Select(b => KeyBudget.Parse(b!.GetValue<string>()))] },
                    _ => throw new GatewayException($"{name}: not known of a key; known are {string.Join(", ", Known)}"),
                };
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException or NullReferenceException)
            {
                throw new GatewayException($"{name}: {value?.ToJsonString() ?? "null"} is not what a key can have there");
            }
        }

        return rules;
    }

    public static KeyRules Parse(string json) => JsonNode.Parse(json) is JsonObject rules ? Read(rules) : new KeyRules();

    private static readonly string[] Known =
    [
        "account",
        "expires",
        "routes",
        "pins",
        "roles",
        "overrides",
        "mints",
        "requestsPerMinute",
        "requestsPerDay",
        "tokensPerMinute",
        "tokensPerDay",
        "concurrent",
        "budgets",
    ];

    /// <exception cref="GatewayException">It is too long, or has an empty part.</exception>
    public static string AccountOf(string account) =>
        account.Length <= 96
        && account.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            ? account
            : throw new GatewayException(
                $"account '{account}': write names of letters, digits, '-', '_' and '.', with '/' between them, such as acme/search"
            );

    private static T Count<T>(JsonNode? value)
        where T : struct, IComparable<T> =>
        value!.GetValue<T>() is var count && count.CompareTo(default) > 0 ? count : throw new FormatException();

    private static DateTimeOffset MomentOf(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
