using System.Net;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Upstream;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires.Conformance;

/// <summary>One stream through the whole engine: what the caller gets, how it ends, and what is booked.</summary>
internal static class Reading
{
    /// <returns><c>text | reasoning | calls | refusal | finish | input/output | outcome failure</c>; empty parts are dashes.</returns>
    public static async Task<string> OfAsync(string preset, Fixture fixture, int chunk)
    {
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var configuration = new LiveConfiguration(revision => compiler.CompileText(Configuration(preset), "/", revision));
        var ledger = LedgerBook.Open(new MemoryLedgerStore(), null, configuration.Current.Ledger, TimeProvider.System);
        using var handler = new FixtureHandler(fixture, chunk);
        var engine = new SluiceEngine(
            configuration,
            ledger,
            new EngineOptions { Upstream = new UpstreamOptions { Handler = () => handler } }
        );
        await using (engine)
        {
            var request = ChatRequest.OfPrompt("hello", stream: true);
            var features = new CallFeatures { Stream = true };
            var call = engine.Begin(configuration.Current, "r", features, Caller.Anonymous);
            var events = new List<AnswerEvent>();
            Committed? committed = null;
            try
            {
                var client = new ClientRequest(engine.Wires, request, features);
                committed = await engine.SendAsync(configuration.Current, call, client, TestContext.Current.CancellationToken);
                await foreach (var answerEvent in AnswerEvents.ReadAsync(committed))
                {
                    events.Add(answerEvent);
                }
            }
            catch (Exception exception) when (exception is RouteExhaustedException or ProviderException)
            {
                // How it failed is in the attempt.
            }

            if (committed is not null)
            {
                await committed.DisposeAsync();
            }

            ledger.OpenHolds.ShouldBe(0);
            return Describe(WholeMessage.Of(events), events.OfType<Finished>().Any(), engine.Finish(call, committed).Attempts.Single());
        }
    }

    private static string Configuration(string preset) =>
        $$"""
            {
              "providers": { "p": {
                "preset": "{{preset}}", "baseUrl": "http://127.0.0.1:1", "apiKey": "env:KEY",
                "accountId": "a", "region": "r", "project": "p", "resource": "r"
              } },
              "routes": { "r": {
                "targets": [{ "provider": "p", "model": "m", "unlisted": true, "price": { "input": "1", "output": "2" } }],
                "retry": { "attempts": 0 }
              } }
            }
            """;

    private static string Describe(WholeMessage message, bool finished, Attempt attempt)
    {
        var calls = string.Join(";", message.Calls.Select(c => $"{c.Name}({c.Arguments})"));
        var usage = attempt.Usage.Evidence == UsageEvidence.Reported ? $"{attempt.Usage.InputTokens}/{attempt.Usage.OutputTokens}" : "";
        var parts = new[]
        {
            message.Text,
            message.Reasoning,
            calls,
            message.Refusal,
            finished ? message.Finish.ToString() : "",
            usage,
            $"{attempt.Outcome} {attempt.Failure}".Trim(),
        };
        return string.Join(" | ", parts.Select(p => p.Length == 0 ? "-" : p));
    }

    private sealed class FixtureHandler(Fixture fixture, int chunk) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(new ChunkedStream(fixture.Body, chunk, fixture.Breaks));
            content.Headers.TryAddWithoutValidation("Content-Type", fixture.ContentType);
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)fixture.Status) { Content = content });
        }
    }
}
