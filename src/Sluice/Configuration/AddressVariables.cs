using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>What differs in a vendor's address from one customer to the next: from the configuration, the environment, or a default.</summary>
/// <param name="name">The provider.</param>
/// <param name="section">Where the configuration may say it.</param>
/// <param name="dialect">Which variables there are.</param>
/// <param name="elsewhere">A last place to look for the value of a variable, before its default.</param>
internal sealed class AddressVariables(
    string name,
    Section section,
    Dialect dialect,
    ReadContext context,
    Func<string, string?>? elsewhere = null
)
{
    private readonly Dictionary<string, string?> _values = [];

    /// <summary>The first value that is missing, with the cure.</summary>
    public string? Missing { get; private set; }

    public string? Of(string variable)
    {
        if (_values.TryGetValue(variable, out var known))
        {
            return known;
        }

        var from = dialect.Variables[variable];
        var value = section.Reference(variable) ?? context.FirstSet(from.Environment) ?? elsewhere?.Invoke(variable) ?? from.Default;
        if (value is null)
        {
            Missing ??= $"provider '{name}' has no {variable}: set {from.Environment[0]}, or \"{variable}\" in the configuration";
        }

        return _values[variable] = value;
    }
}
