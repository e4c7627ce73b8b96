using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Finds what stands in for a key, in the order in which the vendor's own tools look for it.</summary>
internal interface ILoginCompiler
{
    /// <summary>Whether the configuration itself says what; then no key is looked for in the environment.</summary>
    bool IsGiven { get; }

    /// <summary>What may be given instead of a key, as the end of a sentence on one that is missing.</summary>
    string Otherwise { get; }

    /// <summary>What it knows of a variable of the address, if anything.</summary>
    string? Variable(string name);

    /// <returns>The login; <see langword="null"/> where there is nothing to log in with.</returns>
    Login? Compile(AddressVariables variables);

    /// <returns><see langword="null"/> for a vendor that takes nothing but keys.</returns>
    static ILoginCompiler? Of(LoginKind kind, Section section, ReadContext context) =>
        kind switch
        {
            LoginKind.Aws => new AwsLoginCompiler(section, context),
            LoginKind.Google => new GoogleLoginCompiler(section, context),
            LoginKind.Entra => new EntraLoginCompiler(section, context),
            _ => null,
        };
}
