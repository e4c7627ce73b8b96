using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Tests.Wires;

/// <summary>Targets for tests of wires: the vendor each wire comes from.</summary>
internal static class TestTargets
{
    private static readonly IReadOnlyDictionary<string, Dialect> Dialects = CatalogData.Dialects();

    public static Target Of(WireKind wire, string model = "model") => Of(DialectOf(wire), model);

    public static Target Of(Dialect dialect, string model = "model") =>
        new()
        {
            Provider = new Provider
            {
                Name = "p",
                Dialect = dialect,
                Address = new ProviderAddress("http://127.0.0.1:1/{model}"),
                Credentials = [new Credential("p", "secret")],
            },
            Model = model,
            Card = ModelCard.OfLocal("p", model),
        };

    /// <summary>The vendor that made the wire.</summary>
    public static Dialect DialectOf(WireKind wire) =>
        wire switch
        {
            WireKind.OpenAiChat => Dialects["openai"],
            WireKind.AnthropicMessages => Dialects["anthropic"],
            _ => Dialects.Values.First(d => d.Wire == wire),
        };

    public static Dialect Named(string preset) => Dialects[preset];
}
