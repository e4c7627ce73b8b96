using Sluice.Configuration.Revisions;
using Sluice.Testing;

namespace Sluice.Tests.Configuration.Revisions;

public sealed class FileOwnerTests
{
    [Fact]
    public void FileOfOurs_BelongsToUs_AndThatOfTheSystemToItsOwner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux is asked");
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("f"), "");

        FileOwner.Of(directory.File("f")).ShouldBe(Environment.UserName);
        FileOwner.Of("/etc/passwd").ShouldBe("root");
        ReloadCause.FileChange(directory.File("f")).ShouldBe(new ReloadCause(Environment.UserName, "file change"));
    }

    [Fact]
    public void FileThatIsGone_BelongsToNobody()
    {
        FileOwner.Of("/there is/no such file").ShouldBeNull();
        ReloadCause.FileChange("/there is/no such file").ShouldBe(new ReloadCause("file change"));
    }
}
