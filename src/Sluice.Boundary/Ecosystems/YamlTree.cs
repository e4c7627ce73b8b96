using Sluice.Boundary.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Boundary.Ecosystems;

/// <summary>YAML read into the tree that JSON is read into, with the line of every value. Scalars are texts, whatever they look like.</summary>
internal static class YamlTree
{
    private const int MaximumDepth = 128;

    /// <summary>The first document of a text; null where there is none.</summary>
    /// <exception cref="JsonTextException">It is not YAML; the message says why, the exception where.</exception>
    public static JsonTree? Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            return Value(parser, new Dictionary<string, JsonTree>(StringComparer.Ordinal), 0);
        }
        catch (YamlException exception)
        {
            throw new JsonTextException((int)exception.Start.Line, $"line {exception.Start.Line}: {exception.Message}");
        }
        // The parser meets some broken texts with the errors of the collections it is made of.
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new JsonTextException(0, exception.Message);
        }
    }

    /// <param name="anchors">Values that have a name, for those that refer to them; one that refers to itself is nothing.</param>
    private static JsonTree Value(Parser parser, Dictionary<string, JsonTree> anchors, int depth)
    {
        var line = (int)parser.Current!.Start.Line;
        if (depth > MaximumDepth)
        {
            throw new JsonTextException(line, $"line {line}: expected at most {MaximumDepth} levels");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out var known) ? known : new JsonTree(JsonKind.Null, line);
        }

        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var value = Content(parser, anchors, line, depth);
        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = value;
        }

        return value;
    }

    private static JsonTree Content(Parser parser, Dictionary<string, JsonTree> anchors, int line, int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new JsonTree(JsonKind.Text, line, scalar.Value);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<JsonTree>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Value(parser, anchors, depth + 1));
            }

            return new JsonTree(JsonKind.Array, line, items: items);
        }

        parser.Consume<MappingStart>();
        var members = new List<JsonMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var name = Value(parser, anchors, depth + 1);
            members.Add(new JsonMember(name.Text, name.Line, Value(parser, anchors, depth + 1)));
        }

        return new JsonTree(JsonKind.Object, line, members: members);
    }
}
