using System.Buffers;
using System.Text;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>A document of plain text reaches a model on every wire.</summary>
public sealed class PlainDocumentTests
{
    [Fact]
    public void TextOfADocument_IsSaidOnEveryWire()
    {
        var request = new ChatRequest
        {
            Messages = [new Message(Role.User, [new DocumentPart("text/plain", null, null, "notes") { Text = "the words in it" }])],
        };

        foreach (var wire in KnownWires.Create().All.Where(w => w.Kind != WireKind.OpenAiEmbeddings))
        {
            var bytes = new ArrayBufferWriter<byte>();
            wire.Codec.WriteRequest(request, TestTargets.Of(wire.Kind), [], bytes);

            Encoding.UTF8.GetString(bytes.WrittenSpan).ShouldContain("the words in it", Case.Sensitive, WireName.Of(wire.Kind));
        }
    }
}
