using System.Text.Json.Nodes;

namespace Sluice.Configuration;

/// <summary>Configurations laid over each other, and what is fixed in them.</summary>
/// <remarks>
/// What is fixed is held against the result, not against what an heir wrote: so it does not matter whether it was overridden,
/// removed, or went with something around it.
/// </remarks>
internal sealed class Merging
{
    /// <summary>What the layers so far make together.</summary>
    public JsonObject Value { get; } = [];

    public List<FixedValue> Fixed { get; } = [];

    public List<ConfigurationError> Errors { get; } = [];

    /// <summary>Lays a file of its own over what is there.</summary>
    public void Add(JsonObject own, string name)
    {
        Overlay(Value, own);
        Value.Remove("extends");
        Value.Remove("fixed");
        Check(value => $"{value.By} fixes this value and {name} overrides it", "remove it here, or change the contract", name);
    }

    /// <summary>Lays what a file extends over what it extends before that.</summary>
    /// <param name="parent">The configuration, with everything it extends itself.</param>
    /// <param name="name">How the heir names it.</param>
    /// <param name="heir">The file that extends both.</param>
    public void Add(Merging parent, string name, string heir)
    {
        Overlay(Value, parent.Value);
        Errors.AddRange(parent.Errors);
        Fixed.AddRange(parent.Fixed);
        Check(
            value => $"{value.By} fixes this value and another configuration that {heir} extends, up to {name}, says otherwise",
            "let both agree, or extend one of them",
            heir
        );
    }

    /// <summary>Lets no later layer change what is at a pointer.</summary>
    /// <param name="path">Where the pointer stands.</param>
    public void Fix(string pointer, string name, string path)
    {
        if (!pointer.StartsWith('/') || JsonPointer.Find(Value, pointer) is not { } found)
        {
            Errors.Add(new ConfigurationError(path, $"nothing is at '{pointer}'", "write a pointer such as \"/routes/NAME/tier\""));
        }
        else
        {
            Fixed.Add(new FixedValue(pointer, name, found.DeepClone()));
        }
    }

    private void Check(Func<FixedValue, string> problem, string cure, string name)
    {
        foreach (var value in Fixed)
        {
            if (!JsonNode.DeepEquals(JsonPointer.Find(Value, value.Pointer), value.Value))
            {
                Errors.Add(new ConfigurationError($"{name}: {JsonPointer.ToPath(value.Pointer)}", problem(value), cure));
            }
        }
    }

    /// <summary>Lays one object over another: objects by key, <c>null</c> removes, anything else replaces.</summary>
    public static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (name, value) in above)
        {
            if (value is null)
            {
                below.Remove(name);
            }
            else if (value is not JsonObject child)
            {
                below[name] = value.DeepClone();
            }
            else
            {
                if (below[name] is not JsonObject)
                {
                    below[name] = new JsonObject();
                }

                Overlay((JsonObject)below[name]!, child);
            }
        }
    }
}

/// <summary>A value that heirs may not change.</summary>
/// <param name="Pointer">Where it is.</param>
/// <param name="By">The file that fixes it.</param>
/// <param name="Value">What it is there.</param>
internal sealed record FixedValue(string Pointer, string By, JsonNode Value);
