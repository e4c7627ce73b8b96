using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Json;

namespace Sluice.Attempts;

/// <summary>
/// Native members for whoever answers, beside a request of any protocol: <c>"providerOptions": {"anthropic": {"thinking": {…}}}</c>.
/// Each set is named for a wire, a vendor or a configured provider and reaches those alone.
/// </summary>
internal sealed class ProviderOptions
{
    private const string Member = "providerOptions";

    /// <summary>What routing has decided is no option.</summary>
    private static readonly string[] Decided = ["model", "stream"];

    private readonly Dictionary<string, Dictionary<string, JsonElement>> _byName;

    private ProviderOptions(JsonElement options) =>
        _byName = options
            .EnumerateObject()
            .ToDictionary(
                named => named.Name,
                named =>
                    named.Value.ValueKind == JsonValueKind.Object
                        ? named.Value.EnumerateObject().ToDictionary(m => m.Name, m => Native(m, named.Name))
                        : throw new RequestException($"{Member}.{named.Name} is not an object", $"{Member}.{named.Name}")
            );

    private static JsonElement Native(JsonProperty member, string name) =>
        Decided.Contains(member.Name)
            ? throw new RequestException($"{Member}.{name}.{member.Name} cannot be set there", $"{Member}.{name}.{member.Name}")
            : member.Value.Clone();

    /// <summary>The request without its options, and the options.</summary>
    /// <exception cref="RequestException">They are no object of objects.</exception>
    public static (RequestHead Head, ProviderOptions? Options) TakeFrom(RequestHead head, IWire wire)
    {
        if (head.Members.Find(Member) is not { } member)
        {
            return (head, null);
        }

        using var document = JsonDocument.Parse(head.Body[member.ValueStart..member.End]);
        var options = Of(document.RootElement);
        var splicer = new Splicer(head.Members);
        splicer.Remove(member);
        return (wire.ReadHead(splicer.Apply(), new RequestAddress(head.Model, head.Features.Stream)), options);
    }

    /// <exception cref="RequestException">They are no object of objects.</exception>
    public static ProviderOptions Of(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object
            ? new ProviderOptions(options)
            : throw new RequestException($"{Member} is not an object", Member);

    /// <summary>The target with the members meant for it; what policy fixed stays fixed.</summary>
    public Target For(Target target)
    {
        var parameters = target.Parameters;
        foreach (var name in (string[])[target.Provider.Name, target.Provider.Dialect.Name, WireName.Of(target.Wire)])
        {
            foreach (var (member, value) in _byName.GetValueOrDefault(name) ?? [])
            {
                parameters = parameters.ContainsKey(member) ? parameters : parameters.Add(member, value);
            }
        }

        return target with
        {
            Parameters = parameters,
        };
    }
}
