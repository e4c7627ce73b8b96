using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Analyzers.Tests;

/// <summary>Compiles a source as a project would, with the real clients of providers, and says what the analyzer tells.</summary>
internal static class Analysis
{
    /// <summary>All that this test itself runs on.</summary>
    public static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("Sluice", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading.Tasks;
        """;

    /// <summary>Findings as <c>line id argument</c>; the source must compile.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(
        string source,
        string path = "/repo/src/Shop/Ask.cs",
        string? boundary = null,
        params (string Key, string Value)[] options
    )
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Shop",
            [CSharpSyntaxTree.ParseText(source, parse, path), CSharpSyntaxTree.ParseText(Usings, parse, "/repo/src/Shop/Usings.cs")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ShouldBeEmpty();
        ImmutableArray<AdditionalText> files = boundary is null ? [] : [new Text("/repo/sluice.boundary.json", boundary)];
        var analyzed = compilation.WithAnalyzers([new BoundaryAnalyzer()], new AnalyzerOptions(files, new Options(options)));
        var found = await analyzed.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. found
                .OrderBy(d => d.Location.GetLineSpan().StartLinePosition)
                .ThenBy(d => d.Id, StringComparer.Ordinal)
                .Select(d => $"{d.Location.GetLineSpan().StartLinePosition.Line + 1} {d.Id} {First(d)}"),
        ];
    }

    private static string First(Diagnostic diagnostic) =>
        diagnostic.Id == "SLUICE005" ? diagnostic.GetMessage() : diagnostic.GetMessage().Split(' ')[0];

    private sealed class Text(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Options((string Key, string Value)[] values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values((string Key, string Value)[] values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            value = values.FirstOrDefault(v => v.Key == key).Value;
            return value is not null;
        }
    }
}
