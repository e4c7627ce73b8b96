using Sluice.Calls;

namespace Sluice.Gateway.Tests;

public sealed class KeptAnswersTests
{
    private static readonly Keeper Somebody = new("rsp", "m", "rsp");

    [Fact]
    public void Find_ForAnotherKey_IsNothing()
    {
        var kept = new KeptAnswers();
        kept.Add(["resp_1"], "key_a", Somebody);
        kept.Add(["resp_1"], "key_b", Somebody);

        kept.Find("resp_1", "key_a").ShouldBe(Somebody);
        kept.Find("resp_1", "key_b").ShouldBeNull();
        kept.Find("resp_1", null).ShouldBeNull();
    }

    [Fact]
    public void Add_BeyondTheBound_ForgetsTheOldest()
    {
        var kept = new KeptAnswers(most: 2);
        kept.Add(["a", "b"], null, Somebody);
        kept.Add(["c"], null, Somebody);

        kept.Find("a", null).ShouldBeNull();
        kept.Find("b", null).ShouldBe(Somebody);
        kept.Find("c", null).ShouldBe(Somebody);
    }

    [Fact]
    public void Forget_IsForGood()
    {
        var kept = new KeptAnswers();
        kept.Add(["a"], null, Somebody);

        kept.Forget("a");

        kept.Find("a", null).ShouldBeNull();
    }
}
