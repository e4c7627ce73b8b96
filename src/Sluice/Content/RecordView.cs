using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Content;

/// <summary>The texts of a request in our own records: the library's.</summary>
internal sealed class RecordView(ChatRequest request) : IContentView
{
    public IReadOnlyList<ContentText> Texts => field ??= Read();

    /// <summary>The request with other texts in the place of some.</summary>
    public ChatRequest With(IReadOnlyList<string?> texts)
    {
        var at = 0;
        return Map(request, text => texts[at++] ?? text.Text);
    }

    private List<ContentText> Read()
    {
        var texts = new List<ContentText>();
        Map(
            request,
            text =>
            {
                texts.Add(text);
                return text.Text;
            }
        );
        return texts;
    }

    private static ChatRequest Map(ChatRequest request, Func<ContentText, string> to) =>
        request with
        {
            System = Map(request.System, ContentRole.System, to),
            Messages = [.. request.Messages.Select(m => m with { Parts = Map(m.Parts, RoleOf(m.Role), to) })],
            Tools =
            [
                .. request.Tools.Select(t =>
                    t with
                    {
                        Description = t.Description is null ? null : to(new(ContentParts.Text, ContentRole.System, t.Description)),
                        Schema = t.Schema is { } schema ? Map(schema, ContentRole.System, to) : null,
                    }
                ),
            ],
            Format = request.Format is { Schema: { } form } format
                ? format with
                {
                    Schema = Map(form, ContentRole.System, to),
                }
                : request.Format,
            ServerTools =
            [
                .. request.ServerTools.Select(t => t.Origin is null ? t : t with { Json = Map(t.Json, ContentRole.System, to) }),
            ],
            Extensions = [.. request.Extensions.Select(e => KeyValuePair.Create(e.Key, Map(e.Value, ContentRole.Unsaid, to)))],
        };

    private static List<Part> Map(IReadOnlyList<Part> parts, ContentRole role, Func<ContentText, string> to) =>
        [.. parts.Select(p => Map(p, role, ContentParts.Text, to))];

    private static Part Map(Part part, ContentRole role, ContentParts kind, Func<ContentText, string> to) =>
        part switch
        {
            TextPart text => text with { Text = to(new(kind, role, text.Text)) },
            ReasoningPart reasoning => reasoning with { Text = to(new(ContentParts.Reasoning, role, reasoning.Text)) },
            RefusalPart refusal => refusal with { Text = to(new(kind, role, refusal.Text)) },
            ToolCallPart call => call with { Arguments = to(new(ContentParts.ToolArguments, role, call.Arguments)) },
            ToolResultPart result => result with
            {
                Content = [.. result.Content.Select(c => Map(c, ContentRole.Tool, ContentParts.ToolResults, to))],
            },
            DocumentPart document => document with
            {
                Text = document.Text is null ? null : to(new(kind, role, document.Text)),
                Name = document.Name is null ? null : to(new(kind, role, document.Name)),
            },
            OpaquePart opaque => opaque with { Json = Map(opaque.Json, role, to) },
            _ => part,
        };

    private static JsonElement Map(JsonElement json, ContentRole role, Func<ContentText, string> to)
    {
        var body = JsonText.Bytes(json);
        var spans = TextWalk.OfRequest(body);
        if (spans.Count == 0)
        {
            return json;
        }

        var texts = new string?[spans.Count];
        var changed = false;
        for (var i = 0; i < texts.Length; i++)
        {
            var text = spans[i].Read(body);
            var other = to(new(spans[i].Part, spans[i].Role == ContentRole.Unsaid ? role : spans[i].Role, text));
            texts[i] = other == text ? null : other;
            changed |= texts[i] is not null;
        }

        if (!changed)
        {
            return json;
        }

        using var document = JsonDocument.Parse(TextEdits.Apply(body, spans, texts));
        return document.RootElement.Clone();
    }

    private static ContentRole RoleOf(Role role) =>
        role switch
        {
            Role.System => ContentRole.System,
            Role.Assistant => ContentRole.Assistant,
            _ => ContentRole.User,
        };
}
