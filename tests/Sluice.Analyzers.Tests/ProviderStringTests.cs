namespace Sluice.Analyzers.Tests;

public sealed class ProviderStringTests
{
    [Theory]
    [InlineData("\"https://api.openai.com/v1\"")]
    [InlineData("@\"https://api.openai.com/v1\"")]
    [InlineData("\"\"\"https://api.openai.com/v1\"\"\"")]
    [InlineData("$\"https://api.openai.com/{n}\"")]
    [InlineData("$\"https://{n}.openai.azure.com/openai\"")]
    [InlineData("$\"\"\"https://bedrock-runtime.{n}.amazonaws.com\"\"\"")]
    [InlineData("\"https://\" + \"api.openai.com\" + \"/v1\"")]
    [InlineData("new Uri(\"https://api.anthropic.com\").ToString()")]
    [InlineData("System.Text.Encoding.UTF8.GetString(\"api.groq.com\"u8)")]
    [InlineData("\"http://localhost:11434/api/chat\"")]
    public async Task Host_InAString_IsToldOnce(string expression) =>
        (await Analysis.OfAsync($"class A {{ string At(int n) => {expression}; }}")).ShouldHaveSingleItem().ShouldStartWith("1 SLUICE002 ");

    [Theory]
    [InlineData("const string Host = \"api.openai.com\";")]
    [InlineData("static readonly Uri Base = new(\"https://api.openai.com\");")]
    [InlineData("void Ask(string host = \"api.openai.com\") { }")]
    public async Task Host_InAConstantOrADefault_IsTold(string member) =>
        (await Analysis.OfAsync($"class A {{ {member} }}")).ShouldBe(["1 SLUICE002 api.openai.com"]);

    [Theory]
    [InlineData("string At() => \"http://127.0.0.1:4180/v1\";")]
    [InlineData("string At() => \"https://api.openai.company.example\";")]
    [InlineData("string At() => \"we like openai\"; // https://api.openai.com\n")]
    [InlineData("[Obsolete(\"see https://api.openai.com\")] void Old() { }")]
    [InlineData("string openai_azure_com = nameof(openai_azure_com);")]
    public async Task OtherStrings_AreNotTold(string member) => (await Analysis.OfAsync($"class A {{ {member} }}")).ShouldBeEmpty();

    [Theory]
    [InlineData("Environment.GetEnvironmentVariable(\"OPENAI_API_KEY\")")]
    [InlineData("Environment.GetEnvironmentVariable(\"GROQ_\" + \"API_KEY\")")]
    public async Task Key_ReadFromTheEnvironment_IsTold(string expression) =>
        (await Analysis.OfAsync($"class A {{ string? Key() => {expression}; }}")).ShouldHaveSingleItem().ShouldStartWith("1 SLUICE004 ");

    [Theory]
    [InlineData("Environment.GetEnvironmentVariable(\"PATH\")")]
    [InlineData("\"OPENAI_API_KEY\"")]
    public async Task OtherReads_AreNotTold(string expression) =>
        (await Analysis.OfAsync($"class A {{ string? Key() => {expression}; }}")).ShouldBeEmpty();

    [Fact]
    public async Task BoundaryFile_IsWrong_EveryErrorIsToldAtItsLine() =>
        (await Analysis.OfAsync("class A;", boundary: "{\n \"alow\": [],\n \"without\": [\"nobody\"]\n}")).ShouldBe([
            "2 SLUICE005 alow: 'alow' is not known here; use allow, constraints, contexts, decisions, exclude, rules, without",
            "3 SLUICE005 without: no rule is called 'nobody'; `sluice check --rules` lists them",
        ]);
}
