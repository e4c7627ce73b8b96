using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What `sluice doctor` says of logins, which it tries.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private LoopbackTokens _tokens = null!;

    public async ValueTask InitializeAsync()
    {
        _tokens = await LoopbackTokens.StartAsync(TimeProvider.System);
        await WriteAsync("user.json", _tokens.UserFile());
        await WriteAsync(
            "sluice.json",
            """{ "providers": { "vertex": { "credentials": "user.json" } }, "routes": { "a": { "targets": ["vertex/gemini-2.5-pro"] } } }"""
        );
    }

    [Fact]
    public async Task LoginThatWorks_IsNamedBySource()
    {
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "doctor");

        code.ShouldBe(0, output + error);
        output.ShouldContain($"ok: vertex, user of gcloud in {_directory.File("user.json")} (credentials), https://");
        _tokens.Given.ShouldBe(1);
        NothingSecretIn(output + error);
    }

    [Fact]
    public async Task LoginThatIsRefused_IsANote()
    {
        _tokens.Instead = form => (400, $$"""{"error":"invalid_grant","error_description":"Bad {{form["refresh_token"]}}"}""");

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "doctor");
        var json = JsonDocument.Parse((await CliProcess.RunAsync(_directory.Path, "doctor", "--json")).Output).RootElement;

        code.ShouldBe(1, output + error);
        var note =
            $"provider 'vertex' cannot log in with user of gcloud in {_directory.File("user.json")} (credentials): Google's token endpoint answered 400 (invalid_grant): Bad …";
        output.ShouldContain($"note: {note}");
        json.GetProperty("notes")[0].GetString().ShouldBe(note);
        json.GetProperty("logins")[0].GetProperty("provider").GetString().ShouldBe("vertex");
        json.GetProperty("logins")[0].GetProperty("works").GetBoolean().ShouldBeFalse();
        NothingSecretIn(output + error + json);
    }

    private static void NothingSecretIn(string text)
    {
        foreach (var secret in new[] { LoopbackTokens.RefreshToken, LoopbackTokens.ClientSecret, "token-1" })
        {
            text.ShouldNotContain(secret);
        }
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(_directory.File(name), text, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _tokens.DisposeAsync();
        _directory.Dispose();
    }
}
