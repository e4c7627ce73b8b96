using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.PassThrough;

public sealed class PassThroughKeyTests
{
    private const string Prices = """{ "*": { "price": "0" }, "GET models": { "price": "0", "shared": true } }""";

    [Fact]
    public async Task WhatAKeyMade_IsItsOwn()
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);
        var (alice, bob) = (await fixture.KeyAsync("alice"), await fixture.KeyAsync("bob"));
        var id = await MakeAsync(fixture, alice);

        (await StatusAsync(fixture, "GET", $"/p/oai/files/{id}", alice)).ShouldBe(200);
        (await StatusAsync(fixture, "GET", $"/p/oai/files/{id}/content", alice)).ShouldBe(200);
        var asked = fixture.Asked.Count;
        foreach (
            var path in (string[])
                [
                    $"files/{id}",
                    $"files/{id}/content",
                    $"files/{id.Replace("f", "%66", StringComparison.Ordinal)}",
                    $"files/{id}:download",
                    $"models?after={id}",
                    $"models?after={id.Replace("-", "%2d", StringComparison.Ordinal)}",
                    "files/file-madeElsewhere1",
                ]
        )
        {
            (await StatusAsync(fixture, "GET", $"/p/oai/{path}", bob)).ShouldBe(404, path);
            (await StatusAsync(fixture, "DELETE", $"/p/oai/{path}", bob)).ShouldBe(404, path);
        }

        fixture.Asked.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task ForeignAndMissing_AreToldAlike()
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);
        var (alice, bob) = (await fixture.KeyAsync("alice"), await fixture.KeyAsync("bob"));
        var id = await MakeAsync(fixture, alice);

        var foreign = await TextAsync(fixture, $"/p/oai/files/{id}", bob);
        var missing = await TextAsync(fixture, "/p/oai/files/file-9999999999x", bob);

        foreign.Replace(id, "ID", StringComparison.Ordinal).ShouldBe(missing.Replace("file-9999999999x", "ID", StringComparison.Ordinal));
        JsonDocument.Parse(foreign).RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
    }

    [Theory]
    [InlineData("""{"input_file_id":"ID"}""", "utf-8")]
    [InlineData("""{"tools":[{"a":["x","ID"]}]}""", "utf-8")]
    [InlineData("""{"input_file_id":"ID"}""", "utf-16")]
    [InlineData("""{"input_file_id":"ESCAPED"}""", "utf-8")]
    [InlineData("ID", "utf-8")]
    public async Task Body_ThatNamesWhatAnotherKeyMade_NeverArrivesWhole(string body, string encoding)
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);
        var (alice, bob) = (await fixture.KeyAsync("alice"), await fixture.KeyAsync("bob"));
        var id = await MakeAsync(fixture, alice);
        var escaped = string.Concat(id.Select(c => $"\\u{(int)c:x4}"));
        var bytes = Encoding
            .GetEncoding(encoding)
            .GetBytes(body.Replace("ID", id, StringComparison.Ordinal).Replace("ESCAPED", escaped, StringComparison.Ordinal));

        using var foreign = await fixture.SendAsync("POST", "/p/oai/batches", new ByteArrayContent(bytes), bob);
        using var own = await fixture.SendAsync("POST", "/p/oai/batches", new ByteArrayContent(bytes), alice);

        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        // A call is booked before its last byte: who has that one finds nothing held.
        await own.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Fact]
    public async Task ResultsOfWhatAKeyMade_AreItsOwnToo()
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);
        var (alice, bob) = (await fixture.KeyAsync("alice"), await fixture.KeyAsync("bob"));
        var batch = await MakeAsync(fixture, alice);
        (await StatusAsync(fixture, "GET", "/p/oai/files/file-OutputOfBatch1/content", alice)).ShouldBe(404);

        (await StatusAsync(fixture, "GET", $"/p/oai/batches/{batch}", alice)).ShouldBe(200);

        (await StatusAsync(fixture, "GET", "/p/oai/files/file-OutputOfBatch1/content", alice)).ShouldBe(200);
        (await StatusAsync(fixture, "GET", "/p/oai/files/file-OutputOfBatch1/content", bob)).ShouldBe(404);
    }

    [Fact]
    public async Task Lists_AreRefusedUnlessTheyAreShared()
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);
        var key = await fixture.KeyAsync("alice");

        (await StatusAsync(fixture, "GET", "/p/oai/files", key)).ShouldBe(403);
        (await StatusAsync(fixture, "HEAD", "/p/oai/fine_tuning/jobs", key)).ShouldBe(403);
        (await StatusAsync(fixture, "GET", "/p/oai/models", key)).ShouldBe(200);
        (await StatusAsync(fixture, "GET", "/p/oai/models", null)).ShouldBe(401);
        fixture.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WithoutKeys_EverythingIsEverybodys()
    {
        await using var fixture = await PassFixture.StartAsync(prices: Prices);

        (await StatusAsync(fixture, "GET", "/p/oai/files", null)).ShouldBe(200);
        (await StatusAsync(fixture, "GET", "/p/oai/files/file-madeElsewhere1", null)).ShouldBe(200);
    }

    [Fact]
    public async Task Restart_KeepsWhoMadeWhat()
    {
        using var data = new TempDirectory();
        string alice,
            bob,
            id;
        await using (var before = await PassFixture.StartAsync(prices: Prices, data: data))
        {
            (alice, bob) = (await before.KeyAsync("alice"), await before.KeyAsync("bob"));
            id = await MakeAsync(before, alice);
        }

        await using var after = await PassFixture.StartAsync(prices: Prices, data: data);

        (await StatusAsync(after, "GET", $"/p/oai/files/{id}", alice)).ShouldBe(200);
        (await StatusAsync(after, "GET", $"/p/oai/files/{id}", bob)).ShouldBe(404);
    }

    private static async Task<string> MakeAsync(PassFixture fixture, string key)
    {
        using var made = await fixture.SendAsync("POST", "/p/oai/files", new StringContent("{}"), key);
        return JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<int> StatusAsync(PassFixture fixture, string method, string path, string? key)
    {
        using var response = await fixture.SendAsync(method, path, key: key);
        await response.Content.ReadAsByteArrayAsync();
        return (int)response.StatusCode;
    }

    private static async Task<string> TextAsync(PassFixture fixture, string path, string key)
    {
        using var response = await fixture.SendAsync("GET", path, key: key);
        return await response.Content.ReadAsStringAsync();
    }
}
