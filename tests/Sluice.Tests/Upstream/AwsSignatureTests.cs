using System.Text;
using Sluice.Calls.Aws;
using Sluice.Upstream.Aws;

namespace Sluice.Tests.Upstream;

/// <summary>Amazon's published examples of Signature Version 4.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsKeys Suite = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

    /// <summary>name, method, address, headers, body, signed headers, signature.</summary>
    public static TheoryData<string, string, string, string[], string, string> Examples() =>
        new()
        {
            {
                "get-vanilla",
                "GET",
                "https://example.amazonaws.com/",
                ["host:example.amazonaws.com", "x-amz-date:20150830T123600Z"],
                "",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
            },
            {
                "post-vanilla",
                "POST",
                "https://example.amazonaws.com/",
                ["host:example.amazonaws.com", "x-amz-date:20150830T123600Z"],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
            },
            {
                "get-vanilla-query-order-key-case",
                "GET",
                "https://example.amazonaws.com/?Param2=value2&Param1=value1",
                ["host:example.amazonaws.com", "x-amz-date:20150830T123600Z"],
                "",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            },
            {
                "post-x-www-form-urlencoded",
                "POST",
                "https://example.amazonaws.com/",
                ["content-type:application/x-www-form-urlencoded", "host:example.amazonaws.com", "x-amz-date:20150830T123600Z"],
                "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            },
        };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheSuite(string name, string method, string address, string[] headers, string body, string signature) =>
        Authorization(Suite, "service", method, address, headers, body)
            .ShouldBe(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                    + $"SignedHeaders={string.Join(';', headers.Select(h => h.Split(':')[0]))}, Signature={signature}",
                name
            );

    [Fact]
    public void Example_OfTheManual() =>
        Authorization(
                Suite,
                "iam",
                "GET",
                "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                ["content-type:application/x-www-form-urlencoded; charset=utf-8", "host:iam.amazonaws.com", "x-amz-date:20150830T123600Z"],
                ""
            )
            .ShouldEndWith("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");

    [Fact]
    public void Model_IsEncodedTwiceInWhatIsSigned()
    {
        var address = new Uri("https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1%3A0/converse");

        // The same request with the path already encoded twice and a signer that encoded only once would say the same.
        Authorization(Suite, "bedrock", "POST", address.ToString(), ["host:h", "x-amz-date:20150830T123600Z"], "{}")
            .ShouldNotBe(
                Authorization(
                    Suite,
                    "bedrock",
                    "POST",
                    "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1:0/converse",
                    ["host:h", "x-amz-date:20150830T123600Z"],
                    "{}"
                )
            );
        address.AbsolutePath.ShouldContain("%3A");
    }

    [Fact]
    public void Stamp_IsInUtc() =>
        AwsSignature.Stamp(new DateTimeOffset(2015, 8, 30, 14, 36, 0, TimeSpan.FromHours(2))).ShouldBe("20150830T123600Z");

    [Fact]
    public void Keys_DoNotShowThemselves() => $"{Suite} {new AwsLogin { Region = "r", Keys = Suite }}".ShouldNotContain("EXAMPLE");

    private static string Authorization(AwsKeys keys, string service, string method, string address, string[] headers, string body) =>
        AwsSignature.Authorization(
            keys,
            "us-east-1",
            service,
            method,
            new Uri(address),
            headers.Select(h => h.Split(':', 2)).ToDictionary(h => h[0], h => h[1]),
            Encoding.UTF8.GetBytes(body)
        );
}
