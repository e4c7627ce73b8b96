using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Cargo;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Ecosystems.Cargo;

public sealed class RustTests
{
    [Theory]
    [InlineData("use a::b::{c, d as e, f::{self, g::*}};", "a::b::c a::b::d a::b::f a::b::f::g")]
    [InlineData("use ::a as b;", "a")]
    [InlineData("use {a, b::{c}};", "a b::c")]
    [InlineData("extern crate a as b;", "a")]
    [InlineData("pub(crate) use r#a::b;", "a::b")]
    [InlineData("use crate::a; use self::b; use super::c;", "")]
    [InlineData("mod a; use a::b;", "")]
    [InlineData("mod a; use ::a::b;", "a::b")]
    [InlineData("fn f() -> impl Sized + use<'a> { a::b() }", "~a::b")]
    [InlineData("let x: Vec<a::B> = <a::C as D>::new();", "~a::B ~a::C")]
    [InlineData("x.a::<T>(); x::a::b(); $a::b();", "~x::a::b")]
    [InlineData("use x::a; fn f() { a::b() }", "x::a")]
    [InlineData("use a; fn f() { a::b() }", "a ~a::b")]
    [InlineData("f(::a::b())", "a::b")]
    [InlineData("/* /* use a::b; */ use a::c; */ use d::e;", "d::e")]
    [InlineData("let c = '\"'; use a::b; let d = '\\''; // \"", "a::b")]
    [InlineData("let c = b'\"'; let s = r##\"use a::b; \"# \"##; use d::e;", "d::e")]
    [InlineData("fn f<'a>(x: &'a str) {} use a::b;", "a::b")]
    [InlineData("let s = \"\\\"; use a::b; //\"; use d::e;", "d::e")]
    public void Source_OfEachForm_NamesItsCrates(string source, string expected)
    {
        var paths = Read(source)
            .Where(m => m.Kind is MentionKind.Import or MentionKind.Path)
            .Select(m => (m.Kind == MentionKind.Path ? "~" : "") + m.What);

        string.Join(' ', paths).ShouldBe(expected);
    }

    [Theory]
    [InlineData("#[cfg(test)] use a::b;", true)]
    [InlineData("#[cfg(test)]\nmod t {\n\n use a::b;\n}", true)]
    [InlineData("#[cfg(all(unix, test))] mod t { use a::b; }", true)]
    [InlineData("#[cfg(any(test, unix))] mod t { use a::b; }", false)]
    [InlineData("#[cfg(not(test))] mod t { use a::b; }", false)]
    [InlineData("#[cfg(feature = \"test\")] mod t { use a::b; }", false)]
    [InlineData("#[test]\n#[ignore]\nfn f<T, U>() {\n use a::b; }", true)]
    [InlineData("#[tokio::test(flavor = \"x\")] async fn f() { use a::b; }", true)]
    [InlineData("#[cfg(test)]\nmod tests;\nuse a::b;", false)]
    [InlineData("struct S {\n#[cfg(test)]\nfake: u8,\n}\nuse a::b;", false)]
    [InlineData("#[test] fn f() {}\nuse a::b;", false)]
    [InlineData("#![cfg(test)]\nuse a::b;", true)]
    [InlineData("#[derive(Debug)] struct S;\nuse a::b;", false)]
    public void Source_ForTestsOnly_IsToldApart(string source, bool isTest) =>
        Read(source).Single(m => m.Kind == MentionKind.Import).InTest.ShouldBe(isTest);

    [Fact]
    public void Source_WithAnyBytesChanged_IsReadToItsEnd()
    {
        var sample = File.ReadAllText(Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces/cargo-violating/crates/agents/src/lib.rs"));
        foreach (var text in Mutations.Of(sample, "{}()[]<>:;,#!\"'\\/*rb_ \n\0\uD800", 4_000))
        {
            var lines = text.Count(c => c == '\n') + 1;
            Read(text).ShouldAllBe(m => m.Line >= 1 && m.Line <= lines);
        }
    }

    [Theory]
    [InlineData("/*")]
    [InlineData("use {")]
    [InlineData("use a::{b,")]
    [InlineData("#[cfg(all(")]
    [InlineData("r#")]
    [InlineData("'\\")]
    [InlineData("a::")]
    public void Source_OfAHundredThousandLevels_IsReadToItsEnd(string level) =>
        Should.NotThrow(() => Read(string.Concat(Enumerable.Repeat(level, 100_000))));

    private static List<Mention> Read(string source)
    {
        var mentions = new List<Mention>();
        new Rust().Read("src/lib.rs", source, mentions);
        return mentions;
    }
}
