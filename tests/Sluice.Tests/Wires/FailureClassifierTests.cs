using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Testing;
using Sluice.Wires;

namespace Sluice.Tests.Wires;

public sealed class FailureClassifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 23, 0, 0, TimeSpan.Zero);

    public static IEnumerable<TheoryDataRow<string, int, string, string, string, double?>> Cases()
    {
        using var table = JsonDocument.Parse(
            File.ReadAllText(Repository.PathOf("tests/Sluice.Tests/Wires/failures.jsonc")),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }
        );
        foreach (var row in table.RootElement.EnumerateArray().ToList())
        {
            yield return new(
                row[0].GetString()!,
                row[1].GetInt32(),
                row[2].GetRawText(),
                row[3].ValueKind == JsonValueKind.String ? row[3].GetString()! : row[3].GetRawText(),
                row[4].GetString()!,
                row.GetArrayLength() > 5 ? row[5].GetDouble() : null
            );
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Answer_HasItsClass(string name, int status, string headers, string body, string expected, double? wait)
    {
        using var given = JsonDocument.Parse(headers);
        string? Header(string header) => given.RootElement.TryGetProperty(header, out var value) ? value.GetString() : null;

        var failure =
            status == 200
                ? FailureClassifier.ClassifyBody(Encoding.UTF8.GetBytes(body))
                : FailureClassifier.Classify(status, Header, Encoding.UTF8.GetBytes(body), Now);

        failure.Failure.ToString().ShouldBe(expected, name);
        failure.RetryAfter?.TotalSeconds.ShouldBe(wait ?? failure.RetryAfter.Value.TotalSeconds, 0.001, name);
        (failure.RetryAfter is null).ShouldBe(wait is null, name);
    }

    [Fact]
    public void ConnectionRefused_WasNeverSent()
    {
        var failure = FailureClassifier.Classify(
            new HttpRequestException(HttpRequestError.ConnectionError, "no", new SocketException((int)SocketError.ConnectionRefused))
        );

        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Transient, false));
    }

    [Fact]
    public void EndInTheMiddle_IsTransientAndMayBeBilled()
    {
        var failure = FailureClassifier.Classify(new HttpIOException(HttpRequestError.ResponseEnded, "ended"));

        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Transient, true));
    }
}
