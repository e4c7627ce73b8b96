using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.WorkersAi;

namespace Sluice.Tests.Wires;

/// <summary>Requests to Workers AI byte for byte, and where they go.</summary>
public sealed class WorkersAiRequestTests
{
    private static readonly WorkersAiWire Wire = new();

    [Fact]
    public void Chat_IsWritten_WithBareSchemaAndContentThatIsNeverNull()
    {
        var request = new OpenAiChatCodec().ReadRequest(
            """{"model":"r","stream":true,"max_completion_tokens":50,"temperature":0.1,"seed":7,"reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"function","function":{"name":"g"}},"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]}"""u8.ToArray()
        );

        var (body, lost) = WireReading.Written(Wire, request);

        body.ShouldBe(
            """{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","name":"g","content":"1"}],"tools":[{"type":"function","function":{"name":"g"}}],"tool_choice":"required","max_tokens":50,"temperature":0.1,"seed":7,"response_format":{"type":"json_schema","json_schema":{"type":"object"}},"reasoning_effort":"low","stream":true}"""
        );
        lost.ShouldBe("");
    }

    [Fact]
    public void Chat_WhatItCannotSay_IsReported()
    {
        var request = new OpenAiChatCodec().ReadRequest(
            """{"model":"r","n":2,"stop":"END","user":"u","logprobs":true,"parallel_tool_calls":false,"prompt_cache_key":"k","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"q"}]}"""u8.ToArray()
        );

        var (body, lost) = WireReading.Written(Wire, request);

        body.ShouldBe("""{"messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}}]}""");
        lost.ShouldBe("stop, n, logprobs, parallel_tool_calls, user");
    }

    [Fact]
    public void OwnRequest_RoundTrips()
    {
        const string Body =
            """{"messages":[{"role":"user","content":"q"}],"max_tokens":9,"top_k":5,"response_format":{"type":"json_schema","json_schema":{"type":"object"}},"lora":"tuned","raw":true}""";

        WireReading.Written(Wire, Wire.Codec.ReadRequest(Encoding.UTF8.GetBytes(Body))).ShouldBe((Body, ""));
    }

    [Theory]
    [InlineData("""{ "lora": "tuned" }""", """{"messages":[],"lora":"tuned","max_tokens":256}""")]
    [InlineData("{}", """{"messages":[],"max_tokens":256}""")]
    public void Lora_IsAFixedParameter(string parameters, string expected)
    {
        var target = Configured(parameters).Routes["r"].Targets.Single();
        var head = Wire.ReadHead("""{"messages":[]}"""u8.ToArray(), new RequestAddress("m", Stream: false));

        Encoding.UTF8.GetString(Wire.Splice(head, target, new SpliceOptions(256, AskUsage: false)).Span).ShouldBe(expected);
    }

    [Fact]
    public void Address_NamesAccountAndModel_AndBothPresetsKnowTheSameCards()
    {
        var configured = Configured("{}");
        var target = configured.Routes["r"].Targets.Single();

        target
            .Provider.Address.Of(target.Model, stream: true)
            .AbsoluteUri.ShouldBe("https://api.cloudflare.com/client/v4/accounts/acct/ai/run/@cf/openai/gpt-oss-120b");
        target.Card.ShouldBe(configured.Routes["compatible"].Targets.Single().Card);
    }

    private static Snapshot Configured(string parameters) =>
        new ConfigurationCompiler(_ => "key").CompileText(
            $$"""
            {
              "providers": { "workers-ai": { "accountId": "acct" }, "cloudflare": { "accountId": "acct" } },
              "routes": {
                "r": { "default": true, "targets": [{ "provider": "workers-ai", "model": "@cf/openai/gpt-oss-120b", "parameters": {{parameters}} }] },
                "compatible": { "targets": ["cloudflare/@cf/openai/gpt-oss-120b"] }
              }
            }
            """,
            ".",
            1
        );
}
