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

        SetParameters(splicer, target);
        SetOutputLimit(splicer, head, target, options.OutputLimit, outputLimits);
        foreach (var member in head.Members)
        {
            if (target.Parameters.ContainsKey(member.Name))
            {
                continue;
            }

            if (dialect.Drops.Contains(member.Name))
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
    private static void SetParameters(Splicer splicer, Target target)
    {
        foreach (var (name, value) in target.Parameters)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                splicer.Set(name, JsonText.Bytes(value));
                continue;
            }

            foreach (var member in value.EnumerateObject())
            {
                splicer.Set($"{name}.{member.Name}", JsonText.Bytes(member.Value));
            }
        }
    }

    private static void SetOutputLimit(Splicer splicer, RequestHead head, Target target, long? limit, ReadOnlySpan<string> outputLimits)
    {
        var name = target.Provider.Dialect.OutputLimit;
        if (Fixed(target, name))
        {
            return;
        }

        var written = false;
        foreach (var member in head.Members)
        {
            if (!outputLimits.Contains(member.Name))
            {
                continue;
            }

            if (written)
            {
                // Both names at once: the first one said it.
                splicer.Remove(member);
                continue;
            }

            written = true;
            if (member.Name != name)
            {
                splicer.Rename(member, name);
            }

            if (limit is { } clamped)
            {
                splicer.Replace(member, JsonText.Bytes(clamped));
            }
        }

        if (!written && limit is { } missing)
        {
            splicer.Set(name, JsonText.Bytes(missing));
        }
    }

    private static bool Fixed(Target target, string path) =>
        path.Split('.', 2) is [var parent, var name]
            ? target.Parameters.TryGetValue(parent, out var value)
                && value.ValueKind == JsonValueKind.Object
                && value.TryGetProperty(name, out _)
            : target.Parameters.ContainsKey(path);
}
