namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>In which namespace a place of the source lies.</summary>
internal sealed class Namespaces
{
    private readonly Stack<(string Name, int Depth)> open = new();
    private int depth;

    /// <summary>Its full name, or nothing.</summary>
    public string Around => open.TryPeek(out var top) ? top.Name : "";

    public void Step(Token token)
    {
        if (token.Is("{"))
        {
            depth++;
        }
        else if (token.Is("}"))
        {
            depth--;
            while (open.TryPeek(out var top) && top.Depth > depth)
            {
                open.Pop();
            }
        }
    }

    /// <summary>A declaration, before its brace or its semicolon. Returns the full name.</summary>
    public string Enter(string name, bool isOfFile)
    {
        var full = Around.Length > 0 ? $"{Around}.{name}" : name;
        open.Push((full, isOfFile ? int.MinValue : depth + 1));
        return full;
    }
}
