using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Tests.Wires;

/// <summary>Targets for tests of wires: the vendor each wire comes from.</summary>
internal static class TestTargets
{
    public static Target Of(WireKind wire, string model = "model") =>
        new()
        {
            Provider = new Provider
            {
                Name = "p",
                Dialect = CatalogData.Dialects()[wire == WireKind.OpenAiChat ? "openai" : "anthropic"],
                Endpoint = new Uri("http://127.0.0.1:1"),
                Credentials = [new Credential("p", "secret")],
            },
            Model = model,
            Card = ModelCard.OfLocal("p", model),
        };
}
