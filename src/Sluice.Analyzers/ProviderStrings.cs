using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Boundary.Rules;

namespace Sluice.Analyzers;

/// <summary>SLUICE002 and SLUICE004: strings that name a provider's host, and reads of a provider's key.</summary>
internal sealed class ProviderStrings
{
    private readonly BoundaryOfCompilation boundary;

    private ProviderStrings(BoundaryOfCompilation boundary) => this.boundary = boundary;

    public static void Register(CompilationStartAnalysisContext context, BoundaryOfCompilation boundary)
    {
        var strings = new ProviderStrings(boundary);
        context.RegisterOperationAction(
            strings.Read,
            OperationKind.Literal,
            OperationKind.Binary,
            OperationKind.InterpolatedString,
            OperationKind.Utf8String
        );
    }

    private void Read(OperationAnalysisContext context)
    {
        var operation = context.Operation;
        // A part of a longer constant, or of an interpolated string, is read with the whole; attributes call nobody.
        if (TextOf(operation) is not { Length: > 3 } text || (operation.Parent is { } parent && IsText(parent)) || IsInAttribute(operation))
        {
            return;
        }

        var tree = operation.Syntax.SyntaxTree;
        if (boundary.Book.Host(text) is { } host && !boundary.Allows(host.Rule, tree))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(BoundaryRules.ProviderHost, operation.Syntax.GetLocation(), host.Host, host.Rule.Id, host.Rule.Instead)
            );
        }

        if (boundary.Book.Key(text) is { } rule && IsReadFromOutside(operation) && !boundary.Allows(rule, tree))
        {
            context.ReportDiagnostic(Diagnostic.Create(BoundaryRules.ProviderKey, operation.Syntax.GetLocation(), text, rule.Id));
        }
    }

    private static string? TextOf(IOperation operation) =>
        operation switch
        {
            { ConstantValue: { HasValue: true, Value: string text } } => text,
            IUtf8StringOperation utf8 => utf8.Value,
            // Holes stand as such: what fills them may be any part of a host.
            IInterpolatedStringOperation interpolated => string.Concat(
                interpolated.Parts.Select(p =>
                    p is IInterpolatedStringTextOperation { Text.ConstantValue: { Value: string text } } ? text : "{}"
                )
            ),
            _ => null,
        };

    private static bool IsText(IOperation operation) =>
        operation is IInterpolatedStringTextOperation or IInterpolatedStringOperation
        || (operation is IBinaryOperation && operation.ConstantValue is { HasValue: true, Value: string });

    private static bool IsInAttribute(IOperation operation)
    {
        for (var around = operation.Parent; around is not null; around = around.Parent)
        {
            if (around is IAttributeOperation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name of an environment variable, or of a configuration value: an argument of who reads it.</summary>
    private static bool IsReadFromOutside(IOperation operation)
    {
        var argument = operation.Parent is IConversionOperation conversion ? conversion.Parent : operation.Parent;
        return argument?.Parent switch
        {
            IInvocationOperation { TargetMethod: { ContainingType.Name: "Environment", Name: "GetEnvironmentVariable" } } => true,
            IInvocationOperation { TargetMethod.Name: "GetValue" or "GetSection" or "GetRequiredSection" } call => IsConfiguration(
                call.TargetMethod
            ),
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance.Type: { } type } => IsConfiguration(type),
            _ => false,
        };
    }

    private static bool IsConfiguration(ISymbol symbol) =>
        (symbol as ITypeSymbol ?? symbol.ContainingType).ContainingNamespace.ToDisplayString() == "Microsoft.Extensions.Configuration";
}
