using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Reads the facts of a Responses answer. The discriminator <c>type</c> may be the last member of an event.</summary>
internal sealed class ResponsesObserver : AnswerObserver
{
    private readonly List<string> _kept = [];
    private ResponseObject _response = new();
    private long _atItem;
    private bool _ended;

    protected override bool Ended => _ended;

    public override IReadOnlyList<string> KeptIds => _response.Stored ? _kept : [];

    public override bool WorksOn => _response.Status is "queued" or "in_progress" && _ended;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            // OpenRouter adds it after response.completed.
            return FrameMarks.End;
        }

        var reader = JsonCursor.Open(data);
        var (type, delta, item, failed) = ("", 0, default(OutputItem), false);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = JsonCursor.ReadString(ref reader) ?? "";
            }
            else if (
                reader.ValueTextEquals("delta"u8)
                || reader.ValueTextEquals("annotation"u8)
                || reader.ValueTextEquals("partial_image_b64"u8)
            )
            {
                reader.Read();
                delta += Weigh(ref reader);
            }
            else if (reader.ValueTextEquals("item"u8))
            {
                item = OutputItem.Read(ref reader);
            }
            else if (reader.ValueTextEquals("response"u8))
            {
                _response.Read(ref reader);
                Take(_response);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                failed = reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        ContentBytes += delta;
        return type switch
        {
            "error" or "response.failed" => Fail(data),
            "" when failed => Fail(data),
            "response.completed" or "response.incomplete" => Finish(),
            "response.output_item.added" => Began(item),
            "response.output_item.done" => Done(item),
            _ => delta > 0 ? FrameMarks.Content : FrameMarks.None,
        };
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body)
    {
        var reader = JsonCursor.Open(body);
        _response.ReadMembers(ref reader);
        Take(_response);
    }

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        ReadFacts(body);
        if (_response.Failed)
        {
            return Fail(body);
        }

        if (!_response.HasOutput)
        {
            throw new ProviderException(FailureClass.Drift, "output: expected array, found nothing");
        }

        ContentBytes += _response.Weight;
        return Finish() | (_response.Weight > 0 ? FrameMarks.Content : FrameMarks.None);
    }

    private FrameMarks Fail(ReadOnlySpan<byte> json)
    {
        Error = FailureClassifier.ClassifyBody(json);
        return FrameMarks.Error;
    }

    private FrameMarks Finish()
    {
        _ended = true;
        FinishReason = _response.IncompleteReason ?? _response.Status;
        return FrameMarks.Finish | FrameMarks.End;
    }

    /// <summary>An item's start is no content; what it consists of comes in pieces.</summary>
    private FrameMarks Began(OutputItem item)
    {
        Keep(item.Id);
        _atItem = ContentBytes;
        return FrameMarks.None;
    }

    /// <summary>An item that came in no pieces is there only now: calls of server tools, encrypted reasoning.</summary>
    private FrameMarks Done(OutputItem item)
    {
        Keep(item.Id);
        var weight = ContentBytes == _atItem ? item.Weight : 0;
        ContentBytes += weight;
        _atItem = ContentBytes;
        return weight > 0 ? FrameMarks.Content : FrameMarks.None;
    }

    private void Take(ResponseObject response)
    {
        Id ??= response.Id;
        Model ??= response.Model;
        Usage = response.Usage is { } usage ? usage with { WebSearchRequests = response.WebSearches } : Usage;
        if (response.Id is { } id)
        {
            Keep(id);
        }

        foreach (var item in response.ItemIds)
        {
            Keep(item);
        }
    }

    private void Keep(string? id)
    {
        if (id is { Length: > 0 } && !_kept.Contains(id))
        {
            _kept.Add(id);
        }
    }
}
