using System.Text.Json.Nodes;

namespace Sluice.Gateway.Tests;

/// <summary>Clients of every protocol on Ollama and Workers AI, and clients of Ollama on every provider.</summary>
public sealed class OllamaAndWorkersAiTests
{
    /// <summary>client, provider, stream.</summary>
    public static TheoryData<string, string, bool> Pairs()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var client in new[] { "chat", "messages", "ollama", "prompt" })
        {
            foreach (var provider in client is "ollama" or "prompt" ? new[] { "oai", "ant", "oll", "cfa" } : ["oll", "cfa"])
            {
                data.Add(client, provider, true);
                data.Add(client, provider, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_ArrivesWithUsageBooked(string client, string provider, bool stream)
    {
        var (said, fixture, response) = await AskAsync(client, provider, stream, "Grüß Gott, how is it?");
        await using var _ = fixture;

        (said.Text, said.Done).ShouldBe(("You said: Grüß Gott, how is it?", true));
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("usage").GetProperty("inputTokens").GetInt32().ShouldBeGreaterThan(0);
        receipt.GetProperty("usage").GetProperty("outputTokens").GetInt32().ShouldBeGreaterThan(0);
        receipt.GetProperty("usage").GetProperty("evidence").GetString().ShouldBe("Reported");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Tools_AreCalledWithTheirArguments(string client, string provider, bool stream)
    {
        if (client == "prompt")
        {
            // A single prompt has no tools.
            return;
        }

        var (said, fixture, _) = await AskAsync(client, provider, stream, "[tool]", new WireClient(client).Tools());
        await using var __ = fixture;

        said.Calls.ShouldBe(["weather {\"city\":\"text\"}"]);
        said.Done.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Thinking_ArrivesApartFromTheText(string client, string provider, bool stream)
    {
        var (said, fixture, _) = await AskAsync(client, provider, stream, "[think]");
        await using var __ = fixture;

        (said.Thinking, said.Text).ShouldBe(("The user wants an answer.", "You said: [think]"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Image_ReachesTheModel(string client, string provider, bool stream)
    {
        var (said, fixture, _) = await AskAsync(client, provider, stream, "look", image: true);
        await using var __ = fixture;

        said.Text.ShouldBe("You said: look I see 1 image.");
    }

    [Theory]
    [InlineData("ollama", "oai", """{"format":{"type":"object","properties":{"n":{"type":"integer"}}}}""")]
    [InlineData("prompt", "cfa", """{"format":{"type":"object","properties":{"n":{"type":"integer"}}}}""")]
    [InlineData("ollama", "oll", """{"format":{"type":"object","properties":{"n":{"type":"integer"}}}}""")]
    [InlineData(
        "chat",
        "oll",
        """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"n":{"type":"integer"}}}}}}"""
    )]
    [InlineData(
        "chat",
        "cfa",
        """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"n":{"type":"integer"}}}}}}"""
    )]
    public async Task Schema_ShapesTheAnswer(string client, string provider, string more)
    {
        foreach (var stream in new[] { true, false })
        {
            var (said, fixture, _) = await AskAsync(client, provider, stream, "q", JsonNode.Parse(more)!.AsObject());
            await using var __ = fixture;

            said.Text.ShouldBe("{\"n\":42}");
        }
    }

    [Theory]
    [InlineData("oll", "ant")]
    [InlineData("oll", "cfa")]
    [InlineData("cfa", "oll")]
    [InlineData("cfa", "oai")]
    [InlineData("oai", "oll")]
    [InlineData("ant", "cfa")]
    public async Task FirstFails_SecondAnswers_WhateverTheWires(string first, string second)
    {
        foreach (
            var fault in new[]
            {
                "status-500",
                "quota",
                "status-404",
                "reset",
                "html",
                "cut-0",
                "nofinish+noend+tokens-0",
                "error-first",
                "error-role",
            }
        )
        {
            await using var fixture = await GatewayFixture.StartAsync(
                GatewayFixture.Routes(
                    ("first", GatewayFixture.Sim(first, $"sim-{fault}"), "second"),
                    ("second", GatewayFixture.Sim(second, "m"), null)
                )
            );
            foreach (var client in new[] { "ollama", "chat" })
            {
                using var response = await fixture.PostAsync(
                    new WireClient(client).Path,
                    new WireClient(client).Ask("first", stream: true)
                );
                var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

                response.IsSuccessStatusCode.ShouldBeTrue($"{fault}: {body}");
                new WireClient(client).Read(body, stream: true).Text.ShouldBe("You said: hello", fault);
                response.Headers.GetValues("x-sluice-target").Single().ShouldBe($"{second}/m", fault);
            }
        }
    }

    [Theory]
    [InlineData("ollama", "oai")]
    [InlineData("ollama", "oll")]
    [InlineData("prompt", "cfa")]
    [InlineData("chat", "oll")]
    [InlineData("messages", "cfa")]
    public async Task Cut_IsToldInTheClientsProtocolAndNeverLooksComplete(string client, string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync(new WireClient(client).Path, new WireClient(client).Ask("cut", stream: true));
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse();
        text.ShouldContain("t39");
        text.ShouldContain("\"error\":");
        text.ShouldNotContain("\"done\":true");
        text.ShouldNotContain("[DONE]");
        (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0].GetProperty("outcome").GetString().ShouldBe("Cut");
    }

    [Theory]
    [InlineData("oll")]
    [InlineData("cfa")]
    public async Task MalformedFrameAmongGoodOnes_IsLeftOut(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("odd", GatewayFixture.Sim(provider, "sim-malformed-2"), null))
        );

        using var response = await fixture.PostAsync("/api/chat", new WireClient("ollama").Ask("odd", stream: true));
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        text.ShouldNotContain("broken");
        new WireClient("ollama").Read(text, stream: true).Text.ShouldBe("You said: hello");
    }

    private static async Task<(Said Said, GatewayFixture Fixture, HttpResponseMessage Response)> AskAsync(
        string client,
        string provider,
        bool stream,
        string text,
        JsonObject? more = null,
        bool image = false
    )
    {
        var asking = new WireClient(client);
        var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("route", GatewayFixture.Sim(provider, "m"), null)));
        var response = await fixture.PostAsync(asking.Path, asking.Ask("route", stream, text, more, image));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return (asking.Read(body, stream), fixture, response);
    }
}
