using Sluice.Configuration.Revisions;

namespace Sluice.Tests.Configuration.Revisions;

public sealed class WrittenSecretsTests
{
    [Theory]
    [InlineData("// was sk-ant-api03-0123456789abcdef", "// was ***")]
    [InlineData("gsk_0123456789abcdefghij, and on", "***, and on")]
    [InlineData("AIzaSyA0123456789abcdefghijklmnopqrstuv", "***")]
    [InlineData("AKIA0123456789ABCDEF", "***")]
    [InlineData("\"url\": \"https://me:pass@host/path\"", "\"url\": \"https://***@host/path\"")]
    [InlineData("https://host/path?key=abc&more=1", "https://host/path?key=***&more=1")]
    [InlineData("https://hooks.slack.com/services/T0/B0/x9", "https://hooks.slack.com/services/***")]
    [InlineData("// \"apiKey\": \"anything at all\"", "// \"apiKey\": \"***\"")]
    [InlineData("\"PASSWORD\" : \"x\"", "\"PASSWORD\" : \"***\"")]
    [InlineData("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl", "***")]
    public void Secret_IsMasked(string text, string masked) => WrittenSecrets.Masked(text).ShouldBe(masked);

    [Theory]
    [InlineData("\"apiKey\": \"env:ANTHROPIC_API_KEY\"")]
    [InlineData("\"apiKeys\": [\"env:A\", \"file:keys/b\"]")]
    [InlineData("\"token\": \"file:/run/secrets/token\"")]
    [InlineData("\"baseUrl\": \"http://127.0.0.1:11434/v1?x=1\"")]
    [InlineData("\"model\": \"claude-sonnet-4-6\", \"tokens\": 10")]
    [InlineData("task-force and sk-short")]
    public void WhatIsNoSecret_StaysAsItIs(string text) => WrittenSecrets.Masked(text).ShouldBe(text);
}
