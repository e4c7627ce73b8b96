using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Tests.Wires;

/// <summary>Frames that are not read again mean what they would have meant.</summary>
public sealed class RepeatedTextTests
{
    [Theory]
    [InlineData("""{"t":"other","z":1}""", 5)]
    [InlineData("""{"t":"","z":1}""", 0)]
    [InlineData("""{"t":"grüezi","z":1}""", 7)]
    [InlineData("""{"t":"a\"b","z":1}""", -1)]
    [InlineData("""{"t":"a","u":"b","z":1}""", -1)]
    [InlineData("""{"t":"a","z":2}""", -1)]
    [InlineData("""{"t":"a"}""", -1)]
    [InlineData("""{"t":"","z":""", -1)]
    [InlineData("{\"t\":\"a\nb\",\"z\":1}", -1)]
    public void TextOf_OnlyPlainTextBetweenTheSameBytes_IsRecognised(string frame, int text)
    {
        var repeated = new RepeatedText();
        repeated.TextOf(Encoding.UTF8.GetBytes(frame)).ShouldBe(-1);

        repeated.Learn("""{"t":"some","z":1}"""u8, 6, 10);

        repeated.TextOf(Encoding.UTF8.GetBytes(frame)).ShouldBe(text);
    }

    public static TheoryData<string> Wires => ["openai", "anthropic"];

    /// <summary>An observer that has seen a stream so far says of the next frame what one that sees it first would say.</summary>
    [Theory]
    [MemberData(nameof(Wires))]
    public void Observe_AnyTexts_IsAsIfEveryFrameWereRead(string wire) =>
        Prop.ForAll(
                Gen.Elements("", "a", " word", "\\n", "\\\"", "ü", "}]}", "[DONE]", "\\u0041", "\t").ListOf().ToArbitrary(),
                texts =>
                {
                    var remembering = Observer(wire);
                    long bytes = 0;
                    foreach (var text in texts)
                    {
                        var fresh = Observer(wire);
                        var data = Encoding.UTF8.GetBytes(
                            wire == "openai"
                                ? $$$"""{"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":null}]}"""
                                : $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}"""
                        );

                        Marks(remembering, data).ShouldBe(Marks(fresh, data));
                        bytes += fresh.ContentBytes;
                    }

                    remembering.ContentBytes.ShouldBe(bytes);
                }
            )
            .QuickCheckThrowOnFailure();

    private static FrameMarks Marks(AnswerObserver observer, byte[] data) =>
        observer.Observe(new Frame { Length = data.Length, Data = data });

    private static AnswerObserver Observer(string wire) =>
        wire == "openai"
            ? new OpenAiChatObserver(1, UsageMembers.Standard)
            : new AnthropicWire().Observe(new CallFeatures(), TestTargets.DialectOf(WireKind.AnthropicMessages));
}
