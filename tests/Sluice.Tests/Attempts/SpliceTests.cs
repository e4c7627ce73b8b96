using Sluice.Attempts;

namespace Sluice.Tests.Attempts;

public sealed class SpliceTests
{
    [Theory]
    [InlineData("Hello", "He|llo| world", " world")]
    [InlineData("Hello", "Hello", "")]
    [InlineData("Hello", "|H|ello world", " world")]
    [InlineData("naïve 🌍", "naïve 🌍!", "!")]
    public void Restarted_LeavesOutWhatWasSent(string sent, string pieces, string rest)
    {
        var splice = new Splice(sent, restarted: true);

        string.Concat(pieces.Split('|').Select(p => splice.New(p) ?? throw new InvalidOperationException(p))).ShouldBe(rest);
        splice.IsOver.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Hello", "Hi")]
    [InlineData("Hello", "hello")]
    [InlineData("Hello ", "Hello,")]
    public void Restarted_AnotherAnswer_CannotGoOn(string sent, string other)
    {
        var splice = new Splice(sent, restarted: true);

        splice.New(other).ShouldBeNull();
        splice.IsOver.ShouldBeFalse();
    }

    [Fact]
    public void Restarted_EndsTooSoon_IsNotOver()
    {
        var splice = new Splice("Hello", restarted: true);

        splice.New("Hell").ShouldBe("");
        splice.IsOver.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Hello", " world", " world")]
    [InlineData("Hello ", " world", "world")]
    [InlineData("Hello ", "world", "world")]
    [InlineData("Hello \n", " |\n|world", "world")]
    [InlineData("Hello\n\n", "\nworld", "world")]
    [InlineData("Hello", "Hello", "Hello")]
    public void Begun_LeavesOutTheSpacesThatWereSent(string sent, string pieces, string rest)
    {
        var splice = new Splice(sent, restarted: false);

        string.Concat(pieces.Split('|').Select(splice.New)).ShouldBe(rest);
        splice.IsOver.ShouldBeTrue();
    }
}
