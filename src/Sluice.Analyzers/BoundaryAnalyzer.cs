using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Boundary.Rules;

namespace Sluice.Analyzers;

/// <summary>Tells where code goes around the gate. It looks at what a compilation uses, not at how that is spelled.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BoundaryAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(
            BoundaryRules.ProviderType,
            BoundaryRules.ProviderHost,
            BoundaryRules.OwnRetries,
            BoundaryRules.ProviderKey,
            BoundaryRules.BoundaryFile
        );

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var boundary = BoundaryOfCompilation.Read(context.Options, context.CancellationToken);
        if (boundary.Errors.Length > 0)
        {
            context.RegisterCompilationEndAction(end => boundary.Errors.ToList().ForEach(end.ReportDiagnostic));
        }

        ProviderStrings.Register(context, boundary);
        // Most projects know no provider's assembly, and pay for the strings alone.
        if (context.Compilation.ReferencedAssemblyNames.Any(a => IsProviders(boundary.Book, a.Name)))
        {
            ProviderTypes.Register(context, boundary);
            ClientRetries.Register(context, boundary);
        }
    }

    private static bool IsProviders(RuleBook book, string assembly) =>
        book.Package(Ecosystem.NuGet, assembly) is not null || book.Module(Ecosystem.NuGet, assembly) is not null;
}
