using System.Text;
using System.Text.RegularExpressions;
using Sluice.Content;

namespace Sluice.Tests.Content;

/// <summary>What is found in a text does not depend on where it was cut.</summary>
public sealed class WatchedTextTests
{
    private const int Window = 40;

    public static TheoryData<string> Texts =>
        [
            "mail a.b@example.com, pay 4111 1111 1111 1111 today; a@b.co",
            "4111111111111111",
            "\ud83d\ude00 caf\u00e9 x@example.org\ud83d\ude00 DE89 3704 0044 0532 0130 00 end",
            "ssn 078-05-1120 and sk-abcdefghijklmnopqrstuv then nothing at all that goes on for a good while longer than the window is",
            "aaa zeus zeuszeus azeus zeus",
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void EverySplit_GivesWhatTheWholeGives(string text)
    {
        var whole = Run([text]);
        whole.ShouldNotBe(text);
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second += first % 8 == 0 ? 1 : 16)
            {
                Run([text[..first], text[first..second], text[second..]]).ShouldBe(whole, $"cut at {first} and {second}");
            }
        }

        Run([.. text.Select(c => c.ToString())]).ShouldBe(whole);
    }

    [Fact]
    public void RandomTextsAndSplits_GiveWhatTheWholeGives()
    {
        var random = new Random(4711);
        string[] words = ["zeus", "4111 1111 1111 1111", "a@b.co", " ", "-", "9", "zeu", "x.y@example.com", "\u00e9", "us", "4111"];
        for (var round = 0; round < 500; round++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 20)).Select(i => words[random.Next(words.Length)] + (i % 2 == 0 ? "" : " "))
            );
            var pieces = new List<string>();
            for (var at = 0; at < text.Length; )
            {
                var length = Math.Min(random.Next(1, 9), text.Length - at);
                pieces.Add(text.Substring(at, length));
                at += length;
            }

            Run(pieces).ShouldBe(Run([text]), text);
        }
    }

    [Fact]
    public void Denied_IsKnownBeforeAnyOfItIsDecided()
    {
        var watched = new WatchedText([new ActivePattern(Gate("x"), Pattern("zeus"), Denies: true)], Window, isJson: false);
        var released = 0L;
        foreach (var character in "hello zeus" + new string('.', 60))
        {
            watched.Append(character.ToString());
            watched.Decide(final: false);
            if (watched.Denied is not null)
            {
                break;
            }

            released = watched.Decided;
        }

        watched.Denied.ShouldNotBeNull();
        released.ShouldBeLessThanOrEqualTo("hello ".Length);
    }

    [Fact]
    public void MatchThatGoesOn_IsHeldUntilItEnds()
    {
        var watched = new WatchedText([new ActivePattern(Gate("[x]"), Pattern("z[a-y]*"), Denies: false)], 4, isJson: false);
        var output = new Output(watched);
        foreach (var piece in (string[])["a z", new string('b', 300), new string('c', 300), " end", "...."])
        {
            output.Take(piece, final: false);
        }

        output.Take("", final: true);
        output.ToString().ShouldBe("a [x] end....");
    }

    [Fact]
    public void Json_StaysJson()
    {
        var watched = new WatchedText([new ActivePattern(Gate("[x]"), Pattern("[0-9]{4}|secret"), Denies: false)], 0, isJson: true);
        var output = new Output(watched);
        output.Take("""{"a":1234,"b":"1234 \"secret\"","c":[secret]}""", final: true);

        output.ToString().ShouldBe("""{"a":"[x]","b":"[x] \"[x]\"","c":["[x]"]}""");
    }

    [Theory]
    [InlineData("4111 1111 1111 1111", true)]
    [InlineData("4111 1111 1111 1112", false)]
    [InlineData("card 5500-0000-0000-0004.", true)]
    [InlineData("4111111111111111 12", true)]
    [InlineData("order 1234567890123456", false)]
    public void Card_NeedsItsCheckDigit(string text, bool found) =>
        (NamedPatterns.Of("credit-card")!.Find(text, 0) is not null).ShouldBe(found);

    [Theory]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("DE89 3704 0044 0532 0130 01", false)]
    [InlineData("to CH93 0076 2011 6238 5295 7 please", true)]
    public void Iban_NeedsItsCheckDigits(string text, bool found) => (NamedPatterns.Of("iban")!.Find(text, 0) is not null).ShouldBe(found);

    [Fact]
    public void EveryShippedPattern_IsMatchedWithoutBacktracking()
    {
        foreach (var name in NamedPatterns.Names)
        {
            NamedPatterns.Of(name)!.Regex.Options.HasFlag(RegexOptions.NonBacktracking).ShouldBeTrue(name);
        }
    }

    private static string Run(IReadOnlyList<string> pieces)
    {
        ActivePattern[] patterns =
        [
            .. ((string[])["email", "credit-card", "iban", "us-ssn", "api-key"]).Select(n => new ActivePattern(
                Gate($"[{n}]"),
                NamedPatterns.Of(n)!,
                Denies: false
            )),
            new ActivePattern(Gate("[z]"), Pattern(@"\bzeus\b"), Denies: false),
        ];
        var watched = new WatchedText(patterns, Window, isJson: false);
        var output = new Output(watched);
        foreach (var piece in pieces)
        {
            output.Take(piece, final: false);
        }

        output.Take("", final: true);
        return output.ToString();
    }

    /// <summary>What has come of a text that arrives in pieces.</summary>
    private sealed class Output(WatchedText watched)
    {
        private readonly StringBuilder _arrived = new();
        private readonly StringBuilder _left = new();
        private int _rendered;

        public void Take(string piece, bool final)
        {
            watched.Append(piece);
            _arrived.Append(piece);
            watched.Decide(final);
            var decided = (int)watched.Decided;
            _left.Append(watched.Render(decided, _ => { }) ?? _arrived.ToString(_rendered, decided - _rendered));
            _rendered = decided;
        }

        public override string ToString() => _left.ToString();
    }

    private static ContentGate Gate(string replacement) => new() { Name = "g", Replacement = replacement };

    private static ContentPattern Pattern(string regex) => new(regex, new Regex(regex, ContentPattern.Options));
}
