using System.Buffers;
using System.Text.Json;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Gateway.Protocols;
using Sluice.Wires.Records;

namespace Sluice.Cli.Chat;

/// <summary>Asks through an engine inside the command.</summary>
internal static class LocalChat
{
    public static async Task<int> AskAsync(
        SluiceEngine engine,
        ChatQuestion question,
        ChatScreen screen,
        CancellationToken cancellationToken
    )
    {
        var snapshot = engine.Configuration.Current;
        var features = new CallFeatures { Stream = true };
        var call = engine.Begin(snapshot, question.Route, features, Caller.Anonymous);
        var request = new ClientRequest(engine.Wires, ChatRequest.OfPrompt(question.Text, stream: true), features);
        try
        {
            var committed = await engine.SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
            await using (committed.ConfigureAwait(false))
            {
                await foreach (var answerEvent in AnswerEvents.ReadAsync(committed).ConfigureAwait(false))
                {
                    if (answerEvent is TextDelta delta)
                    {
                        screen.Write(delta.Text);
                    }
                }

                return screen.Close(Json(engine.Finish(call, committed)));
            }
        }
        catch (RouteExhaustedException exhausted)
        {
            engine.Finish(call, null);
            return ChatScreen.Fail(exhausted.Message);
        }
        catch (ProviderException cut)
        {
            return ChatScreen.Cut(cut.Message);
        }
    }

    private static JsonElement Json(Receipt receipt)
    {
        var json = new ArrayBufferWriter<byte>();
        ReceiptJson.Write(receipt, json);
        return JsonElement.Parse(json.WrittenSpan);
    }
}
