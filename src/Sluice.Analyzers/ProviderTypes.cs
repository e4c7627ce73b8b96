using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Boundary.Rules;

namespace Sluice.Analyzers;

/// <summary>
/// SLUICE001: a provider's type that is made, registered or asked for. A chain of calls is told once, where it ends; what is done with something that is told
/// already where it was made or declared is not told again.
/// </summary>
internal sealed class ProviderTypes
{
    private readonly BoundaryOfCompilation boundary;
    private readonly IAssemblySymbol own;
    private readonly ConcurrentDictionary<INamespaceSymbol, Rule?> namespaces = new(SymbolEqualityComparer.Default);

    private ProviderTypes(BoundaryOfCompilation boundary, IAssemblySymbol own)
    {
        this.boundary = boundary;
        this.own = own;
    }

    public static void Register(CompilationStartAnalysisContext context, BoundaryOfCompilation boundary)
    {
        var types = new ProviderTypes(boundary, context.Compilation.Assembly);
        context.RegisterOperationAction(types.Use, OperationKind.ObjectCreation, OperationKind.Invocation);
        context.RegisterSymbolAction(types.Declare, SymbolKind.Field, SymbolKind.Property, SymbolKind.Method, SymbolKind.NamedType);
    }

    private void Use(OperationAnalysisContext context)
    {
        if (Used(context.Operation) is var (type, rule) && !IsPartOfUse(context.Operation))
        {
            Report(context.ReportDiagnostic, context.Operation.Syntax.GetLocation(), type, rule);
        }
    }

    private void Declare(SymbolAnalysisContext context)
    {
        foreach (var (type, location) in Declared(context.Symbol))
        {
            if (!context.Symbol.IsImplicitlyDeclared && Provider(type) is var (found, rule) && location is { IsInSource: true })
            {
                Report(context.ReportDiagnostic, location, found, rule);
            }
        }
    }

    /// <summary>What an operation makes, or on whose behalf it is called without an instance.</summary>
    private (ITypeSymbol Type, Rule Rule)? Used(IOperation operation) =>
        operation switch
        {
            IObjectCreationOperation { Type: { } type } => Provider(type),
            // Extensions and registrations stand for the type that declares them; calls of an instance were told where it came from.
            IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: { } type } } => Provider(type),
            IInvocationOperation { Instance: IObjectCreationOperation or IInvocationOperation, TargetMethod.ContainingType: { } type } =>
                Provider(type),
            _ => null,
        };

    /// <summary>An operation around it, in the same expression, is told in its place.</summary>
    private bool IsPartOfUse(IOperation operation)
    {
        for (var around = operation.Parent; around is not null and not IBlockOperation; around = around.Parent)
        {
            if (Used(around) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<(ITypeSymbol Type, Location? At)> Declared(ISymbol symbol) =>
        symbol switch
        {
            IFieldSymbol field => [(field.Type, At(field))],
            IPropertySymbol property => [(property.Type, At(property))],
            IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor } method =>
            [
                .. method.Parameters.Select(p => (p.Type, At(p))),
                (method.ReturnType, At(method)),
            ],
            INamedTypeSymbol type =>
            [
                .. type.BaseType is { } parent ? new[] { ((ITypeSymbol)parent, At(type)) } : [],
                .. type.Interfaces.Select(i => ((ITypeSymbol)i, At(type))),
            ],
            _ => [],
        };

    private static Location? At(ISymbol symbol) => symbol.Locations.FirstOrDefault();

    /// <summary>The provider's type that a type is, or holds as an argument or element.</summary>
    private (ITypeSymbol Type, Rule Rule)? Provider(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return Provider(array.ElementType);
        }

        if (
            type is INamedTypeSymbol { TypeArguments: { Length: > 0 } arguments }
            && arguments.Select(Provider).FirstOrDefault(p => p is not null) is { } found
        )
        {
            return found;
        }

        return
            type.ContainingNamespace is { IsGlobalNamespace: false } space
            && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, own)
            && namespaces.GetOrAdd(space, s => boundary.Book.Module(Ecosystem.NuGet, s.ToDisplayString())) is { } rule
            ? (type, rule)
            : null;
    }

    private void Report(Action<Diagnostic> report, Location location, ITypeSymbol type, Rule rule)
    {
        if (location.SourceTree is { } tree && !boundary.Allows(rule, tree))
        {
            report(Diagnostic.Create(BoundaryRules.ProviderType, location, type.Name, rule.Id, rule.Instead));
        }
    }
}
