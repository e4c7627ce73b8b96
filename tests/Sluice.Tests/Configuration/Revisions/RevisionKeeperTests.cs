using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Testing;

namespace Sluice.Tests.Configuration.Revisions;

/// <summary>What is written down of configurations: who and what changed, and no secret.</summary>
public sealed class RevisionKeeperTests : IDisposable
{
    private const string Key = "sk-0123456789abcdefghij";
    private const string Other = "sk-abcdefghij0123456789";

    private readonly TempDirectory _directory = new();
    private readonly KeptInMemory _store = new();
    private readonly List<Exception> _failed = [];

    [Fact]
    public void SecretsThatAreWrittenOut_AreInNoRevision()
    {
        Write($"// the old key was {Key}", "http://me:hidden@127.0.0.1:1");
        var live = Live();
        live.KeepIn(Keeper());
        Write($"// the old key was {Key}", "http://me:secret@127.0.0.1:2");
        live.Reload(new ReloadCause("me"));

        _store.Kept.Select(r => (r.Number, r.Masked)).ShouldBe([(1, true), (2, true)]);
        foreach (var text in _store.Kept.SelectMany(TextsOf))
        {
            text.ShouldNotContain(Key);
            text.ShouldNotContain("hidden");
            text.ShouldNotContain("secret@");
        }

        _store.Kept[1].Files.Single().Text.ShouldContain("// the old key was ***");
        _store
            .Kept[1]
            .Changes.Single()
            .ToString()
            .ShouldBe("~ /providers/local/baseUrl: \"http://***@127.0.0.1:1\" → \"http://***@127.0.0.1:2\"");
        _failed.ShouldBeEmpty();
    }

    [Fact]
    public void AnotherSecretInTheSamePlace_IsAnotherRevision()
    {
        Write($"// {Key}");
        var live = Live();
        live.KeepIn(Keeper());
        Write($"// {Other}");
        live.Reload(new ReloadCause("me"));

        _store.Kept.Count.ShouldBe(2);
        _store.Kept[0].Files.ShouldBe(_store.Kept[1].Files);
        _store.Kept[0].Digest.ShouldNotBe(_store.Kept[1].Digest);
    }

    [Fact]
    public void Refused_KeepsItsErrorsOnceAndWithoutSecrets()
    {
        Write();
        var live = Live();
        live.KeepIn(Keeper());
        Write(more: $"\"{Key}\": 1,");

        for (var i = 0; i < 2; i++)
        {
            Should.Throw<ConfigurationException>(() => live.Reload(new ReloadCause("me"))).Message.ShouldContain(Key);
        }

        var refused = _store.Kept[1..].ShouldHaveSingleItem();
        (refused.Refused, refused.Cause.Who, refused.Merged, refused.Files.Length).ShouldBe((true, "me", "", 0));
        refused.Errors.Single().ShouldContain("unknown member '***'");
        refused.Errors.Single().ShouldNotContain(Key);
    }

    [Fact]
    public void StoreThatFails_IsReportedAndKeepsNothingFromComingIntoForce()
    {
        Write();
        var live = Live();
        live.KeepIn(Keeper());
        _store.Broken = true;
        Write(more: "\"pins\": false,");

        live.Reload(new ReloadCause("me")).Pins.ShouldBeFalse();

        _failed.ShouldHaveSingleItem().Message.ShouldBe("full");
    }

    public void Dispose() => _directory.Dispose();

    private static IEnumerable<string> TextsOf(Revision revision) =>
        [revision.Merged, .. revision.Files.Select(f => f.Text), .. revision.Changes.Select(c => c.ToString()), .. revision.Errors];

    private RevisionKeeper Keeper() => new(_store, new ManualTimeProvider(), _failed.Add);

    private LiveConfiguration Live()
    {
        var compiler = new ConfigurationCompiler(_ => null);
        return new LiveConfiguration(revision => compiler.CompileFile(_directory.File("sluice.json"), revision));
    }

    private void Write(string comment = "", string address = "http://127.0.0.1:1", string more = "") =>
        File.WriteAllText(
            _directory.File("sluice.json"),
            $$"""
            {
              {{comment}}
              {{more}}
              "providers": { "local": { "preset": "ollama", "baseUrl": "{{address}}", "local": true } },
              "routes": { "r": { "default": true, "targets": ["local/x"] } }
            }
            """
        );

    private sealed class KeptInMemory : IRevisionStore
    {
        public List<Revision> Kept { get; } = [];

        public bool Broken { get; set; }

        public long Last => Kept.Count == 0 ? 0 : Kept[^1].Number;

        public Revision? InForce() => Kept.FindLast(r => !r.Refused);

        public void Add(Revision revision)
        {
            if (Broken)
            {
                throw new IOException("full");
            }

            Kept.Add(revision);
        }

        public ReloadCause? TakeAnnounced(string digest) => null;
    }
}
