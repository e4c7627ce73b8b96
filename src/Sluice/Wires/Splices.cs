using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The explicit list of changes a body may see on its way to a target; every other byte passes as it came.</summary>
internal static class Splices
{
    public static ReadOnlyMemory<byte> Apply(RequestHead head, Target target, SpliceOptions options)
    {
        var splicer = new Splicer(head.Members);
        var dialect = target.Provider.Dialect;
        Set(splicer, head, "model", JsonText.Quote(target.Model));
        foreach (var (name, value) in target.Parameters)
        {
            if (!OutputLimits.Contains(name))
            {
                Set(splicer, head, name, JsonSerializer.SerializeToUtf8Bytes(value, JsonValues.Default.JsonElement));
            }
        }

        SetOutputLimit(splicer, head, target, OutputLimits.Of(target) ?? options.OutputLimit);
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
            AskUsage(splicer, head);
        }

        return splicer.Apply();
    }

    private static void SetOutputLimit(Splicer splicer, RequestHead head, Target target, long? limit)
    {
        var name = target.Provider.Dialect.OutputLimit;
        var counting = OutputLimits.Counting(head.Members);
        foreach (var member in head.Members)
        {
            if (!OutputLimits.Contains(member.Name))
            {
                continue;
            }

            if (member != counting)
            {
                // Both names at once: only one is said, or the provider might obey the one that nothing was held for.
                splicer.Remove(member);
                continue;
            }

            if (member.Name != name)
            {
                splicer.Rename(member, name);
            }

            if (limit is { } set)
            {
                splicer.Replace(member, JsonText.Bytes(set));
            }
        }

        if (counting is null && limit is { } missing)
        {
            splicer.Insert(name, JsonText.Bytes(missing));
        }
    }

    private static void AskUsage(Splicer splicer, RequestHead head)
    {
        if (head.Members.Object("stream_options") is not { } options)
        {
            Set(splicer, head, "stream_options", """{"include_usage":true}"""u8);
        }
        else if (options.Find("include_usage") is { } asked)
        {
            splicer.Replace(asked, "true"u8);
        }
        else
        {
            splicer.InsertInto(head.Members.Find("stream_options")!.Value, options.Count == 0, "include_usage", "true"u8);
        }
    }

    private static void Set(Splicer splicer, RequestHead head, string name, ReadOnlySpan<byte> value)
    {
        if (head.Members.Find(name) is { } member)
        {
            splicer.Replace(member, value);
        }
        else
        {
            splicer.Insert(name, value);
        }
    }
}
