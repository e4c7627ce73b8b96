using System.Net;
using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Whatever is wrong with a request, its own protocol's error says so.</summary>
public sealed class ErrorShapeTests
{
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "", 400, "invalid_request_error", null)]
    [InlineData("POST", "/v1/chat/completions", "[1]", 400, "invalid_request_error", null)]
    [InlineData("POST", "/v1/chat/completions", """{"model":1}""", 400, "invalid_request_error", "model")]
    [InlineData("POST", "/v1/chat/completions", """{"model":"chat","stream":"yes"}""", 400, "invalid_request_error", "stream")]
    [InlineData("POST", "/v1/chat/completions", """{"model":"chat","model":"chat"}""", 400, "invalid_request_error", "model")]
    [InlineData("POST", "/v1/chat/completions", """{"model":"chta"}""", 404, "invalid_request_error", null)]
    [InlineData("GET", "/v1/chat/completions", "", 405, "invalid_request_error", null)]
    [InlineData("POST", "/v1/nothing", "{}", 404, "invalid_request_error", null)]
    public async Task Chat(string method, string path, string body, int status, string type, string? parameter)
    {
        var error = await ErrorAsync(method, path, body, status);

        error.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("error").GetProperty("param").GetString().ShouldBe(parameter);
    }

    [Theory]
    [InlineData("POST", "/v1/messages", "", 400, "invalid_request_error")]
    [InlineData("POST", "/v1/messages", """{"model":{}}""", 400, "invalid_request_error")]
    [InlineData("POST", "/v1/messages", """{"model":"claud","max_tokens":1}""", 404, "not_found_error")]
    [InlineData("GET", "/v1/messages", "", 405, "invalid_request_error")]
    [InlineData("POST", "/v1/messages/batches", "{}", 404, "not_found_error")]
    public async Task Messages(string method, string path, string body, int status, string type)
    {
        var error = await ErrorAsync(method, path, body, status);

        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task WebPage_IsRefusedInTheProtocolsShape()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent("{}") };
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("permission_error");
    }

    private static async Task<JsonElement> ErrorAsync(string method, string path, string body, int status)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent(body);
        }

        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        fixture.Simulator.Requests.ShouldBeEmpty();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
