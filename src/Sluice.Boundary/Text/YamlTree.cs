using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Boundary.Text;

/// <summary>Reads the first document of a YAML text into the tree that JSON is read into, so that whoever reads it need not know which of both it was.</summary>
internal static class YamlTree
{
    private const int MaximumDepth = 256;

    /// <exception cref="JsonTextException">It is not YAML.</exception>
    public static JsonTree Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return new JsonTree(JsonKind.Object, 1);
            }

            parser.Consume<DocumentStart>();
            return Node(parser, new Dictionary<AnchorName, JsonTree>(), 0);
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

    private static JsonTree Node(Parser parser, Dictionary<AnchorName, JsonTree> anchors, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"more than {MaximumDepth} levels");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value, out var known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"nothing is anchored as {alias.Value}");
        }

        var start = parser.Current as NodeEvent ?? throw new YamlException("a value was expected");
        var tree = start switch
        {
            Scalar => Value(parser.Consume<Scalar>()),
            SequenceStart => Items(parser, anchors, depth),
            _ => Members(parser, anchors, depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor] = tree;
        }

        return tree;
    }

    private static JsonTree Items(Parser parser, Dictionary<AnchorName, JsonTree> anchors, int depth)
    {
        var line = Line(parser.Consume<SequenceStart>());
        var items = new List<JsonTree>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(parser, anchors, depth + 1));
        }

        return new JsonTree(JsonKind.Array, line, items: items);
    }

    private static JsonTree Members(Parser parser, Dictionary<AnchorName, JsonTree> anchors, int depth)
    {
        var line = Line(parser.Consume<MappingStart>());
        var members = new List<JsonMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = Line(parser.Current!);
            var name = Node(parser, anchors, depth + 1);
            members.Add(new JsonMember(name.Text, at, Node(parser, anchors, depth + 1)));
        }

        return new JsonTree(JsonKind.Object, line, members: members);
    }

    private static JsonTree Value(Scalar scalar)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain;
        var kind = scalar.Value switch
        {
            _ when !isPlain => JsonKind.Text,
            "" or "~" or "null" => JsonKind.Null,
            "true" or "false" => JsonKind.Boolean,
            var value when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => JsonKind.Number,
            _ => JsonKind.Text,
        };
        return new JsonTree(kind, Line(scalar), scalar.Value);
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;
}
