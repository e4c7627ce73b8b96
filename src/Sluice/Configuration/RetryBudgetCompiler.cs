using Sluice.Calls;

namespace Sluice.Configuration;

/// <summary>Reads <c>retryBudget</c>.</summary>
internal static class RetryBudgetCompiler
{
    public static RetryBudgetSettings Compile(Section root)
    {
        var d = new RetryBudgetSettings();
        return root.Child("retryBudget", "retryBudget") is not { } section
            ? d
            : new RetryBudgetSettings
            {
                Share = (double?)section.Part("share") ?? d.Share,
                Least = section.Count("least", 0, 1_000_000) ?? d.Least,
                Per = Per(section) ?? d.Per,
            };
    }

    private static TimeSpan? Per(Section section)
    {
        var span = section.Duration("per");
        if (span is null || span >= TimeSpan.FromSeconds(1))
        {
            return span;
        }

        section.Error("per", $"{section.Text("per")} is too short a time", "write 1s or more");
        return null;
    }
}
