using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Boundary.Rules;

namespace Sluice.Analyzers;

/// <summary>
/// SLUICE003: a provider's client, or its options, that is given the gateway's address and leaves its own retries on. Two retriers multiply: four calls of the
/// client's are four calls of a gateway that already went through every target.
/// </summary>
internal sealed class ClientRetries
{
    /// <summary>What clients call the setting: those on System.ClientModel take a policy, others a number.</summary>
    private static readonly string[] Settings = ["RetryPolicy", "MaxRetries", "MaxRetryAttempts"];

    private readonly BoundaryOfCompilation boundary;

    private ClientRetries(BoundaryOfCompilation boundary) => this.boundary = boundary;

    public static void Register(CompilationStartAnalysisContext context, BoundaryOfCompilation boundary) =>
        context.RegisterOperationAction(new ClientRetries(boundary).Made, OperationKind.ObjectCreation);

    private void Made(OperationAnalysisContext context)
    {
        var made = (IObjectCreationOperation)context.Operation;
        if (
            made.Type is not { ContainingNamespace: { } space } type
            || boundary.Book.Module(Ecosystem.NuGet, space.ToDisplayString()) is null
            || Setting(type) is not { } setting
            || !made.Descendants()
                .Any(o => o.ConstantValue is { HasValue: true, Value: string text } && boundary.IsGateway(text, made.Syntax.SyntaxTree))
        )
        {
            return;
        }

        var given = (made.Initializer?.Initializers ?? [])
            .OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(a => a.Target is IPropertyReferenceOperation property && property.Property.Name == setting);
        if (given is null || given.Value.DescendantsAndSelf().Any(o => o.ConstantValue is { HasValue: true, Value: int and not 0 }))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(
                    BoundaryRules.OwnRetries,
                    made.Syntax.GetLocation(),
                    type.Name,
                    setting == "RetryPolicy" ? "RetryPolicy = new ClientRetryPolicy(0)" : $"{setting} = 0"
                )
            );
        }
    }

    private static string? Setting(ITypeSymbol type) =>
        Settings.FirstOrDefault(s => Bases(type).Any(t => t.GetMembers(s).OfType<IPropertySymbol>().Any()));

    private static IEnumerable<ITypeSymbol> Bases(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }
}
