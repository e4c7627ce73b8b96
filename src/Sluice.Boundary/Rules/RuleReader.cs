using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Rules;

/// <summary>Reads rules: those that ship (<c>data/boundary.jsonc</c>), and a project's own.</summary>
internal static class RuleReader
{
    public static readonly IReadOnlyDictionary<string, Severity> Severities = new Dictionary<string, Severity>
    {
        ["hard"] = Severity.Hard,
        ["soft"] = Severity.Soft,
    };

    /// <exception cref="BoundaryException">With every error of the file.</exception>
    public static IReadOnlyList<Rule> ReadFile(string text, string file)
    {
        var errors = new List<BoundaryError>();
        var root = Root(text, file, errors);
        var rules = Read(root, errors, file);
        root.Done();
        return errors.Count == 0 ? rules : throw new BoundaryException(errors);
    }

    /// <exception cref="BoundaryException">The text is not JSON.</exception>
    public static MemberReader Root(string text, string file, List<BoundaryError> errors)
    {
        try
        {
            return new MemberReader(JsonTree.Parse(text), "", file, errors);
        }
        catch (JsonTextException exception)
        {
            throw new BoundaryException([new BoundaryError(file, exception.Line, "", $"not JSON: {exception.Message}")]);
        }
    }

    /// <summary>The member <c>rules</c> of a file.</summary>
    public static IReadOnlyList<Rule> Read(MemberReader root, List<BoundaryError> errors, string file)
    {
        var rules = new List<Rule>();
        foreach (var (id, reader) in root.Object("rules")?.Named() ?? [])
        {
            rules.Add(ReadRule(id, reader));
            reader.Done();
        }

        return rules;
    }

    private static Rule ReadRule(string id, MemberReader reader)
    {
        var names = new Dictionary<string, RuleNames>();
        foreach (var ecosystem in Ecosystem.All)
        {
            if (reader.Object(ecosystem) is { } own)
            {
                names[ecosystem] = new RuleNames
                {
                    Packages = own.Texts("packages"),
                    Modules = own.Texts("modules"),
                    Types = own.Texts("types"),
                    Methods = own.Texts("methods"),
                };
                own.Done();
            }
        }

        return new Rule(id, reader.Required("reason", "say why this is not wanted"), reader.Required("instead", "say what to use instead"))
        {
            Severity = reader.Word("severity", Severity.Hard, Severities),
            Names = names,
            Hosts = Hosts(reader),
            Bindings = reader.Texts("bindings"),
            Keys = reader.Texts("keys"),
            Texts = Expressions(reader, "texts"),
            Words = Words(reader),
        };
    }

    private static IReadOnlyList<string> Hosts(MemberReader reader)
    {
        var hosts = reader.Texts("hosts");
        if (hosts.FirstOrDefault(h => h.Contains("://") || h.IndexOf(' ') >= 0 || h.Trim('*', '.').Length < 4) is { } wrong)
        {
            reader.Wrong("hosts", $"'{wrong}' must be a host without scheme: api.example.com, *.example.com, example.com/api or *:9000");
        }

        return hosts;
    }

    private static IReadOnlyList<string> Words(MemberReader reader)
    {
        var words = reader.Texts("words");
        if (reader.Has("texts") && words.Count == 0)
        {
            reader.Wrong("words", "is missing; texts are looked for only in files that have one of these words");
        }

        return words;
    }

    /// <summary>Regular expressions that compile; the others are noted as errors.</summary>
    public static IReadOnlyList<string> Expressions(MemberReader reader, string name)
    {
        var expressions = reader.Texts(name);
        foreach (var expression in expressions)
        {
            try
            {
                _ = new Regex(expression, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            }
            catch (ArgumentException exception)
            {
                reader.Wrong(name, $"'{expression}' is not a regular expression: {exception.Message}");
            }
        }

        return expressions;
    }
}
