using System.Text;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>Anthropic Messages as Bedrock hosts it: a stream's events in base64 within binary ones.</summary>
internal sealed class InvokeTemplate : IWireTemplate
{
    private const string Overload = "modelStreamErrorException\n";

    private readonly MessagesTemplate _messages = new();

    public string StreamType => "application/vnd.amazon.eventstream";

    public bool Serves(string path) =>
        path.EndsWith("/invoke", StringComparison.Ordinal) || path.EndsWith("/invoke-with-response-stream", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model) => _messages.Whole(answer, request, model);

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault) =>
        _messages.Stream(answer, request, model, fault);

    public string Error(int status, string? code, string message) => AmazonErrors.Body(code, message);

    public KeyValuePair<string, string>? ErrorHeader(int status, string? code) =>
        KeyValuePair.Create(AmazonErrors.Header, AmazonErrors.Name(status, code));

    public string ErrorFrame(string message) => Overload + message;

    public ReadOnlyMemory<byte> Encode(string frame) =>
        frame.StartsWith(Overload, StringComparison.Ordinal)
            ? EventMessages.Exception("modelStreamErrorException", AmazonErrors.Body(null, frame[Overload.Length..]))
            : EventMessages.Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Payload(frame))}}","p":"abcdefghij"}""");

    private static byte[] Payload(string frame) => Encoding.UTF8.GetBytes(frame.Split("data: ", 2)[1].TrimEnd('\n'));
}
