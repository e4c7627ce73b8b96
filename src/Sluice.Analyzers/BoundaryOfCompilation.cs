using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Sluice.Boundary.Rules;
using Sluice.Boundary.Text;

namespace Sluice.Analyzers;

/// <summary>The rules that hold for one compilation, and where they do not.</summary>
internal sealed class BoundaryOfCompilation
{
    private const string AllowedPaths = "sluice_allowed_paths";
    private const string GatewayHosts = "sluice_gateway_hosts";

    private static readonly Lazy<(IReadOnlyList<Rule> Rules, RuleBook Book)> Shipped = new(ReadShipped);

    private readonly AnalyzerConfigOptionsProvider options;
    private readonly BoundaryFile own;
    private readonly string root;
    private readonly ConcurrentDictionary<string, GlobSet> globs = new();

    private BoundaryOfCompilation(AnalyzerOptions options, RuleBook book, BoundaryFile own, string root, ImmutableArray<Diagnostic> errors)
    {
        this.options = options.AnalyzerConfigOptionsProvider;
        this.own = own;
        this.root = root;
        Book = book;
        Errors = errors;
    }

    public RuleBook Book { get; }

    /// <summary>What is wrong with the boundary file; then only the shipped rules hold.</summary>
    public ImmutableArray<Diagnostic> Errors { get; }

    public static BoundaryOfCompilation Read(AnalyzerOptions options, CancellationToken cancellationToken)
    {
        var file = options.AdditionalFiles.FirstOrDefault(f => Path.GetFileName(f.Path) == BoundaryFile.Name);
        var (shipped, book) = Shipped.Value;
        if (file?.GetText(cancellationToken) is not { } text)
        {
            return new BoundaryOfCompilation(options, book, BoundaryFile.Empty, "", ImmutableArray<Diagnostic>.Empty);
        }

        var folder = Path.GetDirectoryName(file.Path) ?? "";
        try
        {
            var read = BoundaryFileReader.Read(text.ToString(), BoundaryFile.Name, shipped.Select(r => r.Id));
            var holds =
                read.Rules.Count + read.Without.Count == 0
                    ? book
                    : new RuleBook(shipped.Where(r => !read.Without.Contains(r.Id)).Concat(read.Rules));
            return new BoundaryOfCompilation(options, holds, read, folder, ImmutableArray<Diagnostic>.Empty);
        }
        catch (BoundaryException exception)
        {
            var errors = exception.Errors.Select(e =>
                Diagnostic.Create(BoundaryRules.BoundaryFile, At(file.Path, text, e.Line), Message(e))
            );
            return new BoundaryOfCompilation(options, book, BoundaryFile.Empty, folder, errors.ToImmutableArray());
        }
    }

    /// <summary>True where a rule's finding is allowed: by the boundary file, or by <c>.editorconfig</c>.</summary>
    public bool Allows(Rule rule, SyntaxTree tree)
    {
        var path = Relative(tree.FilePath);
        return own.Allows(rule.Id, path) || own.Exclude.Matches(path) || Configured(tree, AllowedPaths) is { } paths && paths.Matches(path);
    }

    /// <summary>True where a text names the gateway: the address it has by default, or a host that <c>.editorconfig</c> gives.</summary>
    public bool IsGateway(string text, SyntaxTree tree)
    {
        if (text.Contains("127.0.0.1:4180") || text.Contains("localhost:4180"))
        {
            return true;
        }

        return options.GetOptions(tree).TryGetValue(GatewayHosts, out var hosts) && Split(hosts).Any(text.Contains);
    }

    private GlobSet? Configured(SyntaxTree tree, string name) =>
        options.GetOptions(tree).TryGetValue(name, out var value) ? globs.GetOrAdd(value, v => new GlobSet(Split(v))) : null;

    private static string[] Split(string list) => list.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);

    private string Relative(string path)
    {
        var inside = root.Length > 0 && path.StartsWith(root, StringComparison.Ordinal) ? path.Substring(root.Length) : path;
        return inside.Replace('\\', '/').TrimStart('/');
    }

    private static string Message(BoundaryError error) => error.Path.Length > 0 ? $"{error.Path}: {error.Message}" : error.Message;

    private static Location At(string path, SourceText text, int line)
    {
        var at = text.Lines[Math.Max(0, Math.Min(line, text.Lines.Count) - 1)];
        return Location.Create(path, at.Span, text.Lines.GetLinePositionSpan(at.Span));
    }

    private static (IReadOnlyList<Rule> Rules, RuleBook Book) ReadShipped()
    {
        const string resource = "data/boundary.jsonc";
        using var stream = typeof(BoundaryOfCompilation).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var rules = RuleReader.ReadFile(reader.ReadToEnd(), resource);
        return (rules, new RuleBook(rules));
    }
}
