using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Writes a conversation as one list of messages, what the system says among them.</summary>
internal abstract class MessagesWriter(Losses losses)
{
    protected Losses Losses => losses;

    protected void WriteMessages(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("messages");
        if (request.System.Count > 0)
        {
            WriteMessage(json, "system", request.System);
        }

        foreach (var message in request.Messages)
        {
            switch (message.Role)
            {
                case Role.System:
                    WriteMessage(json, "system", message.Parts);
                    break;
                case Role.Assistant:
                    WriteAssistant(json, message.Parts);
                    break;
                default:
                    WriteUser(json, message.Parts);
                    break;
            }
        }

        json.WriteEndArray();
    }

    protected abstract void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts);

    protected abstract void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts);

    protected abstract void WriteUser(Utf8JsonWriter json, IReadOnlyList<Part> parts);
}
