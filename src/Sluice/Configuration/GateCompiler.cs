using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Content;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>Reads <c>gates</c>.</summary>
internal static class GateCompiler
{
    private const int LongestWindow = 64 * 1024;

    /// <summary>What becomes of a call whose answer is denied.</summary>
    private enum OnDeny
    {
        Refuse,
        Next,
    }

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static ImmutableArray<ContentGate> Compile(Section root, ReadContext context)
    {
        var gates = ImmutableArray.CreateBuilder<ContentGate>();
        foreach (var section in root.Sections("gates", "gate"))
        {
            if (section.Text("name") is not { Length: > 0 } name)
            {
                section.Error("name", "a gate needs a name", "write one such as \"pii\"; callers are told it");
                continue;
            }

            if (gates.Any(g => g.Name == name))
            {
                section.Error("name", $"two gates are called '{name}'", "give each its own name");
                continue;
            }

            gates.Add(Read(name, section, context));
        }

        return gates.ToImmutable();
    }

    private static ContentGate Read(string name, Section section, ReadContext context)
    {
        var stages = Names(section, "on", ["request", "answer"]);
        var gate = new ContentGate
        {
            Name = name,
            OnRequest = stages.Contains("request"),
            OnAnswer = stages.Contains("answer"),
            Match = section.Child("match", "gateMatch") is { } match ? BudgetCompiler.Selector(match) : BudgetSelector.All,
            Parts = Parts(section),
            Deny = Patterns(section, "deny", context),
            Redact = Patterns(section, "redact", context),
            Replacement = Replacement(section),
            MaxInput = section.Bytes("maxInput"),
            MaxOutput = section.Bytes("maxOutput"),
            Webhook = section.Child("webhook", "gateWebhook") is { } webhook ? Webhook(webhook) : null,
            Window = section.Count("window", 1, LongestWindow) ?? ContentGate.UsualWindow,
            DeniedGoesOn = section.Choice<OnDeny>("onDeny") == OnDeny.Next,
        };
        if (
            !section.Has("deny")
            && !section.Has("redact")
            && !section.Has("maxInput")
            && !section.Has("maxOutput")
            && !section.Has("webhook")
        )
        {
            section.Error("", "the gate does nothing", "give it \"deny\", \"redact\", \"maxInput\", \"maxOutput\" or \"webhook\"");
        }

        return gate;
    }

    private static ContentWebhook? Webhook(Section section) =>
        OutsideCompiler.Url(section) is { } url
            ? new ContentWebhook(
                url,
                section.Secret("token"),
                section.Duration("timeout") ?? Timeout,
                section.Choice<OutsideCompiler.OnFailure>("onFailure") == OutsideCompiler.OnFailure.Open
            )
            : null;

    private static ContentParts Parts(Section section)
    {
        var parts = ContentParts.None;
        foreach (var name in Names(section, "parts", [.. PartNames.All.Select(p => p.Name)]))
        {
            parts |= PartNames.All.First(p => p.Name == name).Part;
        }

        return parts;
    }

    /// <summary>Some of the known names; all of them where none is written.</summary>
    private static IReadOnlyList<string> Names(Section section, string member, IReadOnlyList<string> known)
    {
        if (!section.Has(member))
        {
            return known;
        }

        var names = section.TextOrTexts(member);
        foreach (var unknown in names.Where(n => !known.Contains(n)))
        {
            section.Error(member, $"'{unknown}' is not known", $"known are {string.Join(", ", known)}");
        }

        if (names.Count == 0)
        {
            section.Error(member, "it names nothing", $"leave it out for all, or name some of {string.Join(", ", known)}");
        }

        return [.. names.Where(known.Contains)];
    }

    private static string Replacement(Section section)
    {
        var text = section.Text("replacement") ?? "[redacted]";
        if (text.AsSpan().ContainsAny('"', '\\') || text.Any(char.IsControl))
        {
            section.Error(
                "replacement",
                "it has a quote, a backslash or a control character",
                "write plain words: it may stand within JSON"
            );
        }

        return text;
    }

    private static ImmutableArray<ContentPattern> Patterns(Section section, string member, ReadContext context)
    {
        var patterns = ImmutableArray.CreateBuilder<ContentPattern>();
        var at = 0;
        foreach (var text in section.TextOrTexts(member))
        {
            var path = $"{section.PathOf(member)}[{at}]";
            if (Pattern(text, $"{member}[{at}]", path, context) is { } pattern)
            {
                patterns.Add(pattern);
            }

            at++;
        }

        return patterns.ToImmutable();
    }

    private static ContentPattern? Pattern(string text, string name, string path, ReadContext context)
    {
        if (text is ['@', .. var shipped] && shipped.Length > 0 && shipped.All(c => char.IsAsciiLetterLower(c) || c == '-'))
        {
            if (NamedPatterns.Of(shipped) is { } known)
            {
                return known;
            }

            var near = NearNames.Of(shipped, NamedPatterns.Names);
            context.Error(
                path,
                $"no pattern called '{text}' is shipped",
                near.Count > 0
                    ? $"did you mean '@{near[0]}'? For the text itself write \"[@]{shipped}\""
                    : $"shipped are {string.Join(", ", NamedPatterns.Names.Select(n => "@" + n))}; for the text itself write \"[@]{shipped}\""
            );
            return null;
        }

        try
        {
            var regex = new Regex(text, ContentPattern.Options);
            if (!regex.IsMatch(""))
            {
                return new ContentPattern(name, regex);
            }

            context.Error(path, $"'{text}' matches nothing at all", "write a pattern that needs at least one character");
        }
        catch (RegexParseException exception)
        {
            context.Error(
                path,
                $"'{text}' is no regular expression: {exception.Message}",
                "correct it; a literal character is written behind a backslash"
            );
        }
        catch (NotSupportedException)
        {
            context.Error(
                path,
                $"'{text}' looks around, refers back or is too large, and could be made to run for ever",
                "write it without (?=…), (?!…), (?<=…), (?<!…), (?>…) and \\1; \\b is fine"
            );
        }

        return null;
    }
}
