using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Images, sound and documents, by their data or by their address.</summary>
internal static class MediaProjection
{
    /// <summary>By this name other chat clients are told how closely an image is to be looked at.</summary>
    private const string Detail = "detail";

    private const string Unknown = "application/octet-stream";

    /// <summary>The data as content. What a provider sends need not be what it says: then the content says so, and the answer is not lost.</summary>
    public static AIContent Data(string base64, string? mediaType)
    {
        var type = mediaType ?? Unknown;
        return Base64.IsValid(base64) && MediaTypeHeaderValue.TryParse(type, out _)
            ? new DataContent($"data:{type};base64,{base64}")
            : new ErrorContent($"the data of type '{type}' cannot be read") { RawRepresentation = base64 };
    }

    public static AIContent Write(Part part) =>
        part switch
        {
            ImagePart image => Content(image.Data, image.Url, image.MediaType ?? "image/*"),
            AudioPart audio => Content(audio.Data, audio.Url, audio.MediaType ?? "audio/*"),
            DocumentPart { Text: { } text } document => Named(
                new DataContent(Encoding.UTF8.GetBytes(text), document.MediaType ?? "text/plain"),
                document.Name
            ),
            DocumentPart document => Named(Content(document.Data, document.Url, document.MediaType ?? Unknown), document.Name),
            FilePart file => new HostedFileContent(file.Id) { MediaType = file.MediaType, Name = file.Name },
            _ => new AIContent(),
        };

    public static Part Read(DataContent data) =>
        data.HasTopLevelMediaType("image") ? new ImagePart(data.MediaType, data.Base64Data.ToString(), null, DetailOf(data))
        : data.HasTopLevelMediaType("audio") ? new AudioPart(data.MediaType, data.Base64Data.ToString())
        : data.HasTopLevelMediaType("text")
            ? new DocumentPart(data.MediaType, null, null, data.Name)
            {
                Text = Encoding.UTF8.GetString(data.Data.Span),
                IsCited = IsCited(data),
            }
        : new DocumentPart(data.MediaType, data.Base64Data.ToString(), null, data.Name) { IsCited = IsCited(data) };

    public static Part Read(UriContent uri) =>
        uri.HasTopLevelMediaType("image") ? new ImagePart(Definite(uri.MediaType), null, uri.Uri.OriginalString, DetailOf(uri))
        : uri.HasTopLevelMediaType("audio") ? new AudioPart(Definite(uri.MediaType), null, uri.Uri.OriginalString)
        : new DocumentPart(uri.MediaType, null, uri.Uri.OriginalString, null) { IsCited = IsCited(uri) };

    private static string? Definite(string mediaType) => mediaType.EndsWith("/*", StringComparison.Ordinal) ? null : mediaType;

    private static string? DetailOf(AIContent content) => content.AdditionalProperties.Text(Detail);

    private static bool IsCited(AIContent content) => content.AdditionalProperties.Flag(Properties.Cited) == true;

    private static AIContent Content(string? data, string? url, string mediaType) =>
        data is null && Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? new UriContent(address, mediaType)
            : Data(data ?? "", mediaType);

    private static AIContent Named(AIContent content, string? name)
    {
        if (content is DataContent data)
        {
            data.Name = name;
        }

        return content;
    }
}
