using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Ledger.Rollups;
using Sluice.Money;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>The <c>x-sluice-*</c> headers: what a caller may say of a call, and what he is told of it.</summary>
internal static class CallHeaders
{
    private const int LongestName = 64;
    private const int MostTags = 10;
    private const int LongestTags = 128;
    private const int LongestReason = 100;

    public static TimeSpan? Deadline(HttpRequest request) =>
        request.Headers.TryGetValue("x-sluice-deadline", out var text)
            ? Units.Duration(text.ToString())
                ?? throw new RequestException($"x-sluice-deadline: '{text}' is not a duration; write 30s", "x-sluice-deadline")
            : null;

    /// <summary>The caller with what he says of himself: on whose behalf he asks, and what he wants the call to be found by.</summary>
    /// <exception cref="RequestException">A name is too long, or there are too many tags.</exception>
    public static Caller CallerOf(Caller key, HttpRequest request, string? user)
    {
        var tenant = request.Headers["x-sluice-tenant"].ToString();
        var tags = request.Headers["x-sluice-tags"].ToString();
        if (tenant.Length == 0 && tags.Length == 0 && string.IsNullOrEmpty(user))
        {
            return key;
        }

        return key with
        {
            Tenant = Short(tenant, "x-sluice-tenant"),
            Tags = Tags(tags),
            // An end user is the client's own affair: a longer name is cut, and no call fails for it.
            User =
                user is null ? ""
                : IsReserved(user) ? user.Trim('(', ')')
                : user.Length <= LongestName ? user
                : user[..LongestName],
        };
    }

    /// <summary>Whether reports call by this name what they do not tell apart: who took it would count with everybody.</summary>
    private static bool IsReserved(string name) => name is RollupKey.Other or RollupKey.AnyUser;

    /// <summary>What the caller says of this one call: the role it counts for, the kind of task, where it is to go instead.</summary>
    /// <exception cref="RequestException">A name is too long, or an override has no reason.</exception>
    public static CallWishes WishesOf(HttpRequest request)
    {
        var role = request.Headers["x-sluice-role"].ToString();
        var task = request.Headers["x-sluice-task"].ToString();
        var instead = request.Headers["x-sluice-override"].ToString();
        return role.Length + task.Length + instead.Length == 0
            ? CallWishes.None
            : new CallWishes
            {
                Role = Short(role, "x-sluice-role"),
                Task = Short(task, "x-sluice-task"),
                Override = instead.Length == 0 ? null : new CallOverride(instead, BecauseOf(request)),
            };
    }

    private static string BecauseOf(HttpRequest request) =>
        request.Headers["x-sluice-override-because"].ToString().Trim() is { Length: > 0 and <= LongestReason } because
            ? because
            : throw new RequestException(
                $"x-sluice-override-because: say in at most {LongestReason} characters why the call goes elsewhere",
                "x-sluice-override-because"
            );

    private static ImmutableArray<string> Tags(string text)
    {
        var tags = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToImmutableArray();
        return tags.Any(IsReserved) ? throw Reserved(text, "x-sluice-tags")
            : tags.Length <= MostTags && text.Length <= LongestTags ? tags
            : throw new RequestException($"x-sluice-tags: at most {MostTags} tags in {LongestTags} characters", "x-sluice-tags");
    }

    private static RequestException Reserved(string text, string header) =>
        new($"{header}: '{text}' is what reports call the rest by; choose another name", header);

    private static string Short(string text, string header) =>
        IsReserved(text) ? throw Reserved(text, header)
        : text.Length <= LongestName && text.All(c => c is > ' ' and < (char)127 and not ',') ? text
        : throw new RequestException($"{header}: at most {LongestName} visible ASCII characters without a comma", header);

    public static bool WantsReceipt(HttpRequest request) => request.Headers.TryGetValue("x-sluice-receipt", out var value) && value == "1";

    /// <summary>Headers of the client's wire that may go on to a provider of the same wire.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> PassedUp(HttpRequest request, WireKind wire)
    {
        List<KeyValuePair<string, string>>? passed = null;
        foreach (var header in request.Headers)
        {
            if (WireHeaders.PassesUp(wire, header.Key))
            {
                (passed ??= []).Add(new(header.Key, header.Value.ToString()));
            }
        }

        return passed ?? [];
    }

    /// <summary>A whole answer has its cost, and what passes at a price has it too; a stream, which has only begun, has what is held for it.</summary>
    public static void Write(HttpResponse response, Committed committed, bool sandbox)
    {
        var (headers, call) = (response.Headers, committed.Call);
        headers["x-sluice-call"] = call.Id;
        headers["x-sluice-route"] = committed.Candidate.Route.Name;
        headers["x-sluice-target"] = committed.Candidate.Target.Name;
        headers["x-sluice-attempts"] = committed.Candidate.Number.ToString(CultureInfo.InvariantCulture);
        if (call.Redirection is { } redirection)
        {
            headers["x-sluice-rule"] = redirection.Rule;
            headers["x-sluice-because"] = Visible(redirection.Because);
        }

        var (name, amount) = committed.Answer switch
        {
            PassedAnswer { Status: < 200 or >= 300 } => ("x-sluice-cost", call.Cost.ToString()),
            PassedAnswer { Facts.Usage.Evidence: UsageEvidence.Unknown } => ("x-sluice-cost", "unknown"),
            WholeAnswer => ("x-sluice-cost", call.Cost.ToString()),
            PassedAnswer => ("x-sluice-cost", committed.Hold.ToString()),
            _ => ("x-sluice-hold", committed.Hold.ToString()),
        };
        headers[name] = amount;

        if (call is { TellsDegradations: true, Degradations.Count: > 0 })
        {
            headers["x-sluice-degraded"] = string.Join(", ", call.Degradations.Select(d => d.Feature).Distinct());
        }

        if (sandbox)
        {
            headers["x-sluice-sandbox"] = "1";
        }
    }

    /// <summary>What a header can carry of a text; the receipt has all of it.</summary>
    private static string Visible(string text) =>
        string.Create(
            text.Length,
            text,
            (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = from[i] is >= ' ' and < (char)127 ? from[i] : '?';
                }
            }
        );

    public static void WriteFailure(HttpResponse response, Call call)
    {
        response.Headers["x-sluice-call"] = call.Id;
        response.Headers["x-sluice-attempts"] = call.Attempts.Count.ToString(CultureInfo.InvariantCulture);
    }
}
