using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The explicit list of changes a body may see on its way to a target; every other byte passes as it came.</summary>
internal static class Splices
{
    /// <param name="head">The body, scanned.</param>
    /// <param name="target">Who will be asked.</param>
    /// <param name="options">What policy changes.</param>
    /// <param name="outputLimits">The names by which this wire's callers limit output; the dialect's own is the one that is sent.</param>
    public static ReadOnlyMemory<byte> Apply(
        RequestHead head,
        Target target,
        SpliceOptions options,
        params ReadOnlySpan<string> outputLimits
    )
    {
        var splicer = new Splicer(head.Members);
        var dialect = target.Provider.Dialect;
        var drops = target.Drops;
        if (!dialect.ModelInPath)
        {
            splicer.Set("model", JsonText.Quote(target.Model));
        }
        else if (head.Members.Find("model") is { } model)
        {
            splicer.Remove(model);
        }

        foreach (var (name, value) in dialect.Inserts)
        {
            splicer.Set(name, Encoding.UTF8.GetBytes(value));
        }

        SetParameters(splicer, target, outputLimits);
        SetOutputLimit(splicer, head, dialect, OutputLimits.Of(target) ?? options.OutputLimit, outputLimits);
        foreach (var member in head.Members)
        {
            if (target.Parameters.ContainsKey(member.Name))
            {
                continue;
            }

            if (drops.Contains(member.Name) || dialect.Removes.Contains(member.Name))
            {
                splicer.Remove(member);
            }
            else if (dialect.Renames.TryGetValue(member.Name, out var renamed))
            {
                splicer.Rename(member, renamed);
            }
        }

        if (options.AskUsage)
        {
            splicer.Set("stream_options.include_usage", "true"u8);
        }

        return splicer.Apply();
    }

    /// <summary>A fixed parameter that is an object is fixed member by member: the caller's others stay.</summary>
    private static void SetParameters(Splicer splicer, Target target, ReadOnlySpan<string> outputLimits)
    {
        var limit = target.Provider.Dialect.OutputLimit;
        foreach (var (name, value) in target.Parameters)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in value.Members())
                {
                    Set($"{name}.{member.Name}", member.Value, outputLimits);
                }
            }
            else
            {
                Set(name, value, outputLimits);
            }
        }

        void Set(string path, JsonElement value, ReadOnlySpan<string> outputLimits)
        {
            if (path != limit && !outputLimits.Contains(path))
            {
                splicer.Set(path, JsonText.Bytes(value));
            }
        }
    }

    private static void SetOutputLimit(Splicer splicer, RequestHead head, Dialect dialect, long? limit, ReadOnlySpan<string> outputLimits)
    {
        var counting = OutputLimits.Counting(head.Members, outputLimits);
        foreach (var member in head.Members)
        {
            if (!outputLimits.Contains(member.Name))
            {
                continue;
            }

            if (member != counting)
            {
                // Both names at once: only one is said, or the provider might obey the one that nothing was held for.
                splicer.Remove(member);
                continue;
            }

            if (member.Name != dialect.OutputLimit)
            {
                splicer.Rename(member, dialect.OutputLimit);
            }

            if (limit is { } set)
            {
                splicer.Replace(member, JsonText.Bytes(set));
            }
        }

        if (counting is null && limit is { } missing)
        {
            splicer.Set(dialect.OutputLimit, JsonText.Bytes(missing));
        }
    }
}
