using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Tests.Wires;

public sealed class SplicerTests
{
    private static readonly OpenAiChatWire Chat = new();

    [Fact]
    public void Splice_NothingToChange_IsTheVerySameMemory()
    {
        var head = Chat.ReadHead(Encoding.UTF8.GetBytes("""{ "model":"model" , "messages":[ ],"max_completion_tokens":5}"""));

        var spliced = Chat.Splice(head, TestTargets.Of(WireKind.OpenAiChat), default);

        spliced.ShouldBe(head.Body);
    }

    [Theory]
    [InlineData("""{"model":"route","messages":[]}""", """{"model":"model","messages":[]}""", null, false)]
    [InlineData("""{"messages":[]}""", """{"messages":[],"model":"model"}""", null, false)]
    [InlineData("""{}""", """{"model":"model"}""", null, false)]
    [InlineData("""{"model":"model","max_tokens":7}""", """{"model":"model","max_completion_tokens":7}""", null, false)]
    [InlineData("""{"model":"model","max_tokens": 7,"n":1}""", """{"model":"model","max_completion_tokens": 3,"n":1}""", 3, false)]
    [InlineData("""{"model":"model"}""", """{"model":"model","max_completion_tokens":9}""", 9, false)]
    [InlineData("""{"model":"model","max_tokens":-1}""", """{"model":"model","max_completion_tokens":9}""", 9, false)]
    [InlineData(
        """{"max_tokens":100000,"model":"model","max_completion_tokens":10}""",
        """{"model":"model","max_completion_tokens":10}""",
        null,
        false
    )]
    [InlineData(
        """{"model":"model","stream":true}""",
        """{"model":"model","stream":true,"stream_options":{"include_usage":true}}""",
        null,
        true
    )]
    [InlineData("""{"model":"model","stream_options":{ }}""", """{"model":"model","stream_options":{ "include_usage":true}}""", null, true)]
    [InlineData(
        """{"model":"model","stream_options":{"include_usage": false}}""",
        """{"model":"model","stream_options":{"include_usage": true}}""",
        null,
        true
    )]
    [InlineData("""{"model":"model","stream_options":null}""", """{"model":"model","stream_options":{"include_usage":true}}""", null, true)]
    public void Splice_ChangesOnlyWhatItMust(string body, string expected, int? limit, bool askUsage) =>
        Encoding
            .UTF8.GetString(
                Chat.Splice(
                    Chat.ReadHead(Encoding.UTF8.GetBytes(body)),
                    TestTargets.Of(WireKind.OpenAiChat),
                    new SpliceOptions(limit, askUsage)
                ).Span
            )
            .ShouldBe(expected);

    [Fact]
    public void Splice_FixedParameters_WinOverTheCallers()
    {
        var target = TestTargets.Of(WireKind.OpenAiChat) with
        {
            Parameters = ImmutableDictionary<string, JsonElement>.Empty.Add("temperature", JsonDocument.Parse("0").RootElement.Clone()),
        };

        Encoding
            .UTF8.GetString(Chat.Splice(Chat.ReadHead("""{"model":"model","temperature":1.5}"""u8.ToArray()), target, default).Span)
            .ShouldBe("""{"model":"model","temperature":0}""");
    }

    [Theory]
    [InlineData("""{"model":"model"}""")]
    [InlineData("""{"model":"model","max_tokens":5}""")]
    [InlineData("""{"model":"model","max_completion_tokens":900}""")]
    public void Splice_FixedOutputLimit_IsTheOnlyOne(string body)
    {
        var target = TestTargets.Of(WireKind.OpenAiChat) with
        {
            Parameters = ImmutableDictionary<string, JsonElement>.Empty.Add("max_tokens", JsonDocument.Parse("77").RootElement.Clone()),
        };

        Encoding
            .UTF8.GetString(Chat.Splice(Chat.ReadHead(Encoding.UTF8.GetBytes(body)), target, new SpliceOptions(9, false)).Span)
            .ShouldBe("""{"model":"model","max_completion_tokens":77}""");
    }

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""", "model")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""", "model")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true,"include_usage":false}}""", "stream_options.include_usage")]
    public void DuplicateMember_IsRefused(string body, string parameter) =>
        Should.Throw<RequestException>(() => Chat.ReadHead(Encoding.UTF8.GetBytes(body))).Parameter.ShouldBe(parameter);

    [Fact]
    public void DuplicateMember_AmongThousands_IsRefusedInGoodTime()
    {
        var members = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"m{i}\":0"));

        Should.Throw<RequestException>(() => Chat.ReadHead(Encoding.UTF8.GetBytes($$"""{ {{members}},"m7":1}"""))).Parameter.ShouldBe("m7");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":1,}")]
    public void NoJsonObject_IsRefused(string body) => Should.Throw<RequestException>(() => Chat.ReadHead(Encoding.UTF8.GetBytes(body)));

    /// <summary>Removing any members of any object leaves a valid object with the others as they were.</summary>
    [Fact]
    public void Remove_AnyMembers_LeavesTheOthers() =>
        Prop.ForAll(
                Gen.Elements(true, false).ListOf().ToArbitrary(),
                removed =>
                {
                    var source = "{ " + string.Join(" , ", removed.Select((_, i) => $"\"m{i}\" : [ {i} ]")) + " }";
                    var body = Encoding.UTF8.GetBytes(source);
                    var members = JsonMembers.Read(body);
                    var splicer = new Splicer(members);
                    for (var i = 0; i < removed.Count; i++)
                    {
                        if (removed[i])
                        {
                            splicer.Remove(members[i]);
                        }
                    }

                    var left = JsonNode.Parse(splicer.Apply().Span)!.AsObject();
                    left.Select(m => m.Key).ShouldBe(removed.Select((r, i) => (r, $"m{i}")).Where(m => !m.r).Select(m => m.Item2));
                }
            )
            .QuickCheckThrowOnFailure();
}
