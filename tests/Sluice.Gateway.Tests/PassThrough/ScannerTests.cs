using System.Text;
using Sluice.Calls;
using Sluice.Gateway.Ids;
using Sluice.Gateway.PassThrough;

namespace Sluice.Gateway.Tests.PassThrough;

public sealed class ScannerTests
{
    [Theory]
    [InlineData("""{"id":"a-1"}""", "a-1")]
    [InlineData("""{ "x" : { "id" : "no" } , "id" : "a-1" }""", "a-1")]
    [InlineData("""{"x":"{\"id\":\"no\"}","id":"a\u002d1"}""", "a-1")]
    [InlineData("""{"file":{"id":"f-1","x":{"id":"no"}},"id":"a-1"}""", "f-1,a-1")]
    [InlineData("""{"result_files":["r-1","r-2"],"other":["no"]}""", "r-1,r-2")]
    [InlineData("""{"id":7,"id2":"no","x":[{"id":"no"}]}""", "")]
    [InlineData("""["id","no"]""", "")]
    [InlineData("not json: \"id\": \"no\"", "")]
    public void AnswerIds_AtEverySplit_AreThoseAtTheTop(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var found = new List<string>();
            var ids = new AnswerIds(["id", "file.id", "result_files"], found.Add);
            ids.Read(bytes.AsSpan(0, split));
            ids.Read(bytes.AsSpan(split));
            string.Join(',', found).ShouldBe(expected, $"split at {split}");
        }
    }

    [Fact]
    public void AnswerIds_BehindALongText_AreFound()
    {
        var found = new List<string>();
        new AnswerIds(["id"], found.Add).Read(Encoding.UTF8.GetBytes($$"""{"b64_json":"{{new string('A', 100_000)}}","id":"a-1"}"""));

        found.ShouldBe(["a-1"]);
    }

    [Theory]
    [InlineData("file-abc12345", true)]
    [InlineData("see file-abc12345.", true)]
    [InlineData("\"file\\u002dabc12345\"", true)]
    [InlineData("\"\\u0066ile-abc12345\"", true)]
    [InlineData("\\\\\"file-abc12345\"", true)]
    [InlineData("f\0i\0l\0e\0-\0a\0b\0c\01\02\03\04\05\0", true)]
    [InlineData("file-abc123456", false)]
    [InlineData("xfile-abc12345", false)]
    [InlineData("file-\\nabc12345", false)]
    [InlineData("file-abc1234", false)]
    [InlineData("https://host/v1beta/files/abc", true)]
    [InlineData("https:\\/\\/host\\/v1beta\\/files\\/abc?x", true)]
    [InlineData("files//abc", false)]
    [InlineData("files abc", false)]
    [InlineData("myfiles/abc", false)]
    [InlineData("files/abcd", false)]
    [InlineData("\\\0u\00\00\06\06\0i\0l\0e\0s\0/\0a\0b\0c\0", true)]
    public void BodyIds_AtEverySplit_AreSeen(string text, bool expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var ids = new BodyIds(id => id is "file-abc12345" or "files/abc");
            (ids.Sees(bytes.AsSpan(0, split), last: false) | ids.Sees(bytes.AsSpan(split), last: true)).ShouldBe(
                expected,
                $"split at {split}"
            );
        }
    }

    [Theory]
    [InlineData("/p/oai/files/file-1/content?x=1", "GET files/{id}/content")]
    [InlineData("/p/oai/v1beta/batches/7f3:cancel", "GET v1beta/batches/{id}")]
    [InlineData("/p/oai/fine_tuning/jobs", "GET fine_tuning/jobs")]
    [InlineData("/p/oai/cachedContents/abc123", "GET cachedContents/{id}")]
    [InlineData("/p/oai/run/%40cf/x/model-v3", "GET run/{id}/x/{id}")]
    public void Path_IsNamedWithoutItsIds(string target, string name) => PassPath.Parse(target).Name("GET").ShouldBe(name);

    [Theory]
    [InlineData("", "")]
    [InlineData("?key=1", "")]
    [InlineData("?a=1&KEY=2&b=3&%6bey=4&api_key=5", "?a=1&b=3")]
    [InlineData("?monkey=1&a", "?monkey=1&a")]
    public void Query_LosesItsKeys(string query, string kept) => PassPath.Parse("/p/oai/files" + query).Query.ShouldBe(kept);

    [Theory]
    [InlineData("POST", "images/generations", "0.04")]
    [InlineData("GET", "images/generations", "0.01")]
    [InlineData("GET", "files/f/content", "0.02")]
    [InlineData("DELETE", "files/f", "0.03")]
    [InlineData("POST", "other", "1")]
    public void Rules_TheOneThatNamesMost_Decides(string method, string path, string price)
    {
        var rules = new PassRules
        {
            Rules =
            [
                new PassRule(null, ["*"], 1, false),
                new PassRule(null, ["images", "*"], 0.01m, false),
                new PassRule("POST", ["images", "generations"], 0.04m, false),
                new PassRule(null, ["files", "*"], 0.03m, false),
                new PassRule(null, ["files", "*", "content"], 0.02m, false),
            ],
        };

        rules.Find(method, path.Split('/'))!.Price.ShouldBe(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture));
    }
}
