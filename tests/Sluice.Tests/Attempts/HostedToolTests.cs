using System.Text;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Wires;

namespace Sluice.Tests.Attempts;

/// <summary>Tools that a vendor runs itself, by the shipped rows.</summary>
public sealed class HostedToolTests
{
    private static readonly WireTable Wires = KnownWires.Create();

    /// <summary>One model at two hosts: what only one of them runs decides, and the model stays the same.</summary>
    [Theory]
    [InlineData("", "cerebras/gpt-oss-120b")]
    [InlineData(""","web_search_options":{}""", "groq/openai/gpt-oss-120b")]
    public void SameModelAtTwoHosts_TheSearchGoesToWhoRunsIt(string asks, string expected) =>
        First(asks, "cerebras/gpt-oss-120b", "groq/openai/gpt-oss-120b").ShouldBe(expected);

    /// <summary>Rules of a row are for some of its models, and some leave no room for the caller's own tools.</summary>
    [Theory]
    [InlineData("", "groq/groq/compound")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]""", "openai/gpt-4o-mini")]
    public void SearchThatTakesNoToolsBesideIt_IsNoneForACallWithBoth(string tools, string expected) =>
        First(""","web_search_options":{}""" + tools, "groq/groq/compound", "openai/gpt-4o-mini").ShouldBe(expected);

    [Fact]
    public void ModelOfTheVendorWithoutIt_IsPassedOver() =>
        First(""","web_search_options":{}""", "groq/llama-3.3-70b-versatile", "groq/openai/gpt-oss-120b")
            .ShouldBe("groq/openai/gpt-oss-120b");

    /// <summary>Of the targets of a route the first that is fit.</summary>
    private static string First(string asks, params string[] targets)
    {
        var listed = string.Join(
            ", ",
            targets
                .Select(t => t.Split('/', 2))
                .Select(t =>
                    $$"""{ "provider": "{{t[0]}}", "model": "{{t[1]}}", "unlisted": true, "price": { "input": "1", "output": "1" } }"""
                )
        );
        var snapshot = new ConfigurationCompiler(_ => "key").CompileText(
            $$"""{ "providers": { "cerebras": {}, "groq": {}, "openai": {} }, "routes": { "r": { "targets": [{{listed}}] } } }""",
            "/",
            1
        );
        var wire = Wires[WireKind.OpenAiChat];
        var head = wire.ReadHead(Encoding.UTF8.GetBytes($$"""{"model":"r"{{asks}},"messages":[{"role":"user","content":"hi"}]}"""));
        var request = new ClientRequest(Wires, wire, head, []);
        var itinerary = new Itinerary(snapshot.Routes["r"], snapshot.Table);
        while (itinerary.Advance(FailureClass.ModelUnavailable) is var (route, target))
        {
            if (Fitness.Of(target, route, request, itinerary, DateTimeOffset.UnixEpoch) is null)
            {
                return target.Name;
            }
        }

        return "";
    }
}
