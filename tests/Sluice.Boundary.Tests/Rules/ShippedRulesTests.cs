using System.Text.Json;
using Sluice.Boundary.Rules;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Rules;

public sealed class ShippedRulesTests
{
    private static readonly IReadOnlyList<Rule> Rules = ShippedRules.Read();

    [Fact]
    public void Name_BelongsToOneRule_InEachEcosystem()
    {
        var names =
            from rule in Rules
            from eco in rule.Names
            from name in eco
                .Value.Packages.Select(p => "package " + p)
                .Concat(eco.Value.Modules.Select(m => "module " + m))
                .Concat(eco.Value.Types.Select(t => "type " + t))
                .Concat(eco.Value.Methods.Select(m => "method " + m))
            select $"{eco.Key} {name}";
        names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    [Fact]
    public void EveryProvider_OfTheCatalog_HasARuleForItsHostAndKeys()
    {
        var book = new RuleBook(Rules);
        using var catalog = JsonDocument.Parse(
            File.ReadAllText(Repository.PathOf("data/providers.jsonc")),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        var missing = new List<string>();
        foreach (var provider in catalog.RootElement.GetProperty("providers").EnumerateObject())
        {
            var url = provider.Value.GetProperty("baseUrl").GetString()!;
            // Servers of one's own have no host to know; Ollama's port stands for it.
            var isLocal = url.Contains("127.0.0.1", StringComparison.Ordinal);
            if (!isLocal && book.Host(url) is null)
            {
                missing.Add($"{provider.Name}: {url}");
            }

            foreach (var key in provider.Value.TryGetProperty("keys", out var keys) ? keys.EnumerateArray() : default)
            {
                // Tokens of a cloud's login open much besides models.
                if (!key.GetString()!.Contains("ACCESS_TOKEN", StringComparison.Ordinal) && !isLocal && book.Key(key.GetString()!) is null)
                {
                    missing.Add($"{provider.Name}: {key}");
                }
            }
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Schema_KnowsEveryMemberOfTheData()
    {
        using var schema = JsonDocument.Parse(ShippedRules.Schema());
        var known = schema
            .RootElement.GetProperty("$defs")
            .GetProperty("rule")
            .GetProperty("properties")
            .EnumerateObject()
            .Select(p => p.Name)
            .Order(StringComparer.Ordinal);
        // What the reader lists as known when it meets a member that is not.
        var error = Should.Throw<BoundaryException>(() =>
            RuleReader.ReadFile("""{"rules":{"x":{"reason":"r","instead":"i","zzz":1}}}""", "x")
        );
        error.Message.ShouldEndWith("use " + string.Join(", ", known));
    }
}
