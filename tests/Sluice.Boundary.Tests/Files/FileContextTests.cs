using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Files;

public sealed class FileContextTests
{
    [Theory]
    [InlineData("src/app.ts", FileContext.Source)]
    [InlineData("src/latest/app.ts", FileContext.Source)]
    [InlineData("src/contest.ts", FileContext.Source)]
    [InlineData("src/docstring.py", FileContext.Source)]
    [InlineData("scripts/deploy.sh", FileContext.Source)]
    [InlineData("tests/app.py", FileContext.Test)]
    [InlineData("pkg/app_test.go", FileContext.Test)]
    [InlineData("pkg/test_app.py", FileContext.Test)]
    [InlineData("src/App.Tests/Ask.cs", FileContext.Test)]
    [InlineData("src/AskTests.cs", FileContext.Test)]
    [InlineData("web/__tests__/a.js", FileContext.Test)]
    [InlineData("web/a.spec.tsx", FileContext.Test)]
    [InlineData("docs/a.ts", FileContext.Docs)]
    [InlineData("README.md", FileContext.Docs)]
    [InlineData("examples/a.ts", FileContext.Example)]
    [InlineData("samples/tests/a.ts", FileContext.Test)]
    [InlineData("vendor/tests/a.go", FileContext.Vendored)]
    [InlineData("node_modules/x/index.js", FileContext.Vendored)]
    [InlineData("web/dist/app.js", FileContext.Generated)]
    [InlineData("api/api.pb.go", FileContext.Generated)]
    [InlineData("api/api_pb2.py", FileContext.Generated)]
    [InlineData("src/Form.Designer.cs", FileContext.Generated)]
    internal void Path_SaysWhatTheFileIs(string path, FileContext expected) => FileContexts.Of(path).ShouldBe(expected);
}
