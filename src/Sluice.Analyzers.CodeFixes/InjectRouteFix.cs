using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Sluice.Analyzers;

/// <summary>
/// Mends SLUICE001 where that changes nothing but where a client comes from: a field or property of type <c>IChatClient</c> that a class makes for itself becomes one that
/// is injected for a route. It is offered where the class has no constructor but a primary one, so that nobody's call of it is hidden in another file's code.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class InjectRouteFix : CodeFixProvider
{
    private const string Id = "SLUICE001";
    private const string Title = "Inject the route's IChatClient";
    private const string Attribute = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";
    private const string Client = "Microsoft.Extensions.AI.IChatClient";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var value = root?.FindNode(context.Span).FirstAncestorOrSelf<EqualsValueClauseSyntax>();
        if (
            root is null
            || model is null
            || value?.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type
            || !IsSafe(type, value, model, context.CancellationToken)
        )
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                Title,
                _ => Task.FromResult(context.Document.WithSyntaxRoot(Injected(root, type, value))),
                equivalenceKey: Title
            ),
            context.Diagnostics
        );
    }

    private static bool IsSafe(
        ClassDeclarationSyntax type,
        EqualsValueClauseSyntax value,
        SemanticModel model,
        CancellationToken cancellationToken
    )
    {
        var member = value.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        var declared = member switch
        {
            FieldDeclarationSyntax field when field.Declaration.Variables.Count == 1 => field.Declaration.Type,
            PropertyDeclarationSyntax property => property.Type,
            _ => null,
        };
        return declared is not null
            && !((MemberDeclarationSyntax)declared.FirstAncestorOrSelf<MemberDeclarationSyntax>()!).Modifiers.Any(SyntaxKind.StaticKeyword)
            && !type.Modifiers.Any(SyntaxKind.StaticKeyword)
            && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
            && !type.Members.OfType<ConstructorDeclarationSyntax>().Any()
            && model.GetTypeInfo(declared, cancellationToken).Type?.ToDisplayString().TrimEnd('?') == Client
            && model.Compilation.GetTypeByMetadataName(Attribute) is not null
            && !Names(type).Contains(Parameter(value));
    }

    /// <summary>The route and the parameter are called as the member is.</summary>
    private static string Parameter(EqualsValueClauseSyntax value)
    {
        var name = value.Parent switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => "client",
        };
        var bare = name.TrimStart('_');
        var camel = char.ToLowerInvariant(bare[0]) + bare.Substring(1);
        return camel == name ? camel + "Client" : camel;
    }

    private static ImmutableHashSet<string> Names(ClassDeclarationSyntax type) =>
        type.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText).ToImmutableHashSet();

    private static SyntaxNode Injected(SyntaxNode root, ClassDeclarationSyntax type, EqualsValueClauseSyntax value)
    {
        var name = Parameter(value);
        var parameter = SyntaxFactory
            .Parameter(SyntaxFactory.Identifier(name))
            .WithType(
                SyntaxFactory
                    .ParseTypeName("global::" + Client)
                    .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation)
            )
            .AddAttributeLists(
                SyntaxFactory.AttributeList(
                    SyntaxFactory.SingletonSeparatedList(
                        SyntaxFactory
                            .Attribute(
                                SyntaxFactory
                                    .ParseName("global::Microsoft.Extensions.DependencyInjection.FromKeyedServices")
                                    .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation)
                            )
                            .AddArgumentListArguments(
                                SyntaxFactory.AttributeArgument(
                                    SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal("default"))
                                )
                            )
                    )
                )
            );
        var mended = type.ReplaceNode(value.Value, SyntaxFactory.IdentifierName(name).WithTriviaFrom(value.Value));
        var parameters = mended.ParameterList ?? SyntaxFactory.ParameterList().WithTrailingTrivia(mended.Identifier.TrailingTrivia);
        mended = mended
            .WithIdentifier(mended.Identifier.WithTrailingTrivia())
            .WithParameterList(parameters.AddParameters(parameter).WithAdditionalAnnotations(Formatter.Annotation));
        return root.ReplaceNode(type, mended);
    }
}
