using System.Net;
using System.Text.Json;
using Anthropic;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

public sealed class ModelsTests
{
    private static readonly string Routes = GatewayFixture.Routes(
        ("chat", "\"oai/gpt-4o-mini\",\"oai/o3-mini\"", "spare"),
        ("spare", "\"free/small\"", null),
        ("embed", "\"oai/text-embedding-3-small\"", null)
    );

    [Fact]
    public async Task Route_CanWhatAllOfItsTargetsCan()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);

        var list = await JsonAsync(fixture, "/v1/models");
        var chat = list.GetProperty("data")[0].GetProperty("sluice");
        var embed = list.GetProperty("data")[1].GetProperty("sluice");

        list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["chat", "embed", "spare"]);
        chat.GetProperty("context_window").GetInt32().ShouldBe(128_000);
        chat.GetProperty("max_output").GetInt32().ShouldBe(16_384);
        chat.GetProperty("tools").GetBoolean().ShouldBeTrue();
        chat.GetProperty("vision").GetBoolean().ShouldBeFalse();
        chat.GetProperty("reasoning").GetBoolean().ShouldBeFalse();
        chat.GetProperty("structured").GetBoolean().ShouldBeTrue();
        chat.GetProperty("streaming").GetBoolean().ShouldBeTrue();
        chat.GetProperty("tier").GetString().ShouldBe("premium");
        chat.GetProperty("targets").EnumerateArray().Select(t => t.GetString()).ShouldBe(["oai/gpt-4o-mini", "oai/o3-mini"]);
        chat.GetProperty("fallbacks")[0].GetString().ShouldBe("spare");
        embed.GetProperty("streaming").GetBoolean().ShouldBeFalse();
        embed.GetProperty("embedding").GetProperty("dimensions").GetInt32().ShouldBe(1536);
    }

    [Theory]
    [InlineData("chat", 200)]
    [InlineData("gpt-4o-mini", 200)]
    [InlineData("free/small", 200)]
    [InlineData("nothing", 404)]
    public async Task OneModel_IsWhateverACallOfThatNameReaches(string name, int status)
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);

        using var response = await fixture.Http.GetAsync($"/v1/models/{name}", TestContext.Current.CancellationToken);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        ((int)response.StatusCode).ShouldBe(status);
        if (status == 200)
        {
            answer.GetProperty("id").GetString().ShouldBe(name);
            answer.GetProperty("object").GetString().ShouldBe("model");
        }
        else
        {
            answer.GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
        }
    }

    [Fact]
    public async Task AnthropicsSdk_ListsAndRetrieves()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes);
        using var client = new AnthropicClient { ApiKey = "none", BaseUrl = fixture.Gateway.Address.ToString().TrimEnd('/') };

        var list = await client.Models.List(cancellationToken: TestContext.Current.CancellationToken);
        var one = await client.Models.Retrieve("chat", cancellationToken: TestContext.Current.CancellationToken);

        list.Items.Select(m => m.ID).ShouldBe(["chat", "embed", "spare"]);
        one.DisplayName.ShouldBe("chat");
        one.MaxTokens.ShouldBe(16_384);
        one.MaxInputTokens.ShouldBe(128_000);
    }

    private static async Task<JsonElement> JsonAsync(GatewayFixture fixture, string path) =>
        JsonDocument.Parse(await fixture.Http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;
}
