using System.Collections.Immutable;
using Sluice.Calls;

namespace Sluice.Configuration;

/// <summary>Reads <c>breaker</c>.</summary>
internal static class BreakerCompiler
{
    public static BreakerSettings Compile(Section root)
    {
        var d = new BreakerSettings();
        return root.Child("breaker", "breaker") is not { } section
            ? d
            : new BreakerSettings
            {
                Enabled = section.Flag("enabled", d.Enabled),
                Curve = section.Has("curve") ? Curve(section) : d.Curve,
                CoolDown = Positive(section, "coolDown") ?? d.CoolDown,
                ProbeAfter = Positive(section, "probeAfter") ?? d.ProbeAfter,
                Probes = section.Count("probes", 1, 1_000) ?? d.Probes,
            };
    }

    /// <summary>A target of which nothing bad is known gets all of its calls, said or not.</summary>
    private static ImmutableArray<double> Curve(Section section)
    {
        ImmutableArray<double> shares = [.. section.Parts("curve").Select(part => (double)part)];
        for (var i = 1; i < shares.Length; i++)
        {
            if (shares[i] >= shares[i - 1])
            {
                section.Error($"curve[{i}]", $"{shares[i]} is not less than {shares[i - 1]}", "write shares that fall, such as [0.9, 0.5]");
            }
        }

        return shares is [1, ..] ? shares : [1, .. shares];
    }

    private static TimeSpan? Positive(Section section, string name)
    {
        var span = section.Duration(name);
        if (span is null || span > TimeSpan.Zero)
        {
            return span;
        }

        section.Error(name, $"{section.Text(name)} is no time at all", "write 1s or more");
        return null;
    }
}
