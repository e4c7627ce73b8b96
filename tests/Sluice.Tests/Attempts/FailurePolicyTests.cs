using System.Collections.Frozen;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Tests.Attempts;

/// <summary>The table of failure classes: whether the same target is tried again, and whether the next one is.</summary>
public sealed class FailurePolicyTests
{
    public static TheoryData<FailureClass, string, bool> Table =>
        new()
        {
            { FailureClass.Transient, "AfterBackoff", true },
            { FailureClass.Timeout, "No", true },
            { FailureClass.RateLimited, "AfterWait", true },
            { FailureClass.Exhausted, "WithAnotherKey", true },
            { FailureClass.Credential, "WithAnotherKey", true },
            { FailureClass.ModelUnavailable, "No", true },
            { FailureClass.ModelFault, "No", true },
            { FailureClass.ContextTooLong, "No", true },
            { FailureClass.Refused, "No", false },
            { FailureClass.BadRequest, "No", false },
            { FailureClass.Drift, "No", true },
            { FailureClass.Cancelled, "No", false },
            { FailureClass.Unknown, "No", true },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Of_EveryClass(FailureClass failure, string again, bool goesOn)
    {
        FailurePolicy.Of(failure).Again.ToString().ShouldBe(again);
        FailurePolicy.GoesOn(failure, Route(), new CallFeatures()).ShouldBe(goesOn);
    }

    [Fact]
    public void Table_HasEveryClass() => Table.Select(row => row.Data.Item1).ShouldBe(Enum.GetValues<FailureClass>(), ignoreOrder: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Unknown_TheProviderMayHaveActed_IsNotTriedElsewhere(bool serverTools, bool stateful) =>
        FailurePolicy
            .GoesOn(FailureClass.Unknown, Route(), new CallFeatures { ServerTools = serverTools, Stateful = stateful })
            .ShouldBeFalse();

    [Theory]
    [InlineData(FailureClass.Refused)]
    [InlineData(FailureClass.BadRequest)]
    public void FallbackForTheClass_IsAnOptIn(FailureClass failure)
    {
        var route = Route() with
        {
            Fallback = new Fallback { ByClass = new Dictionary<FailureClass, string> { [failure] = "b" }.ToFrozenDictionary() },
        };

        FailurePolicy.GoesOn(failure, route, new CallFeatures()).ShouldBeTrue();
    }

    private static Route Route() =>
        new()
        {
            Name = "a",
            Tier = Tier.Standard,
            Targets = [],
        };
}
