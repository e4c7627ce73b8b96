using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Npm;

namespace Sluice.Boundary.Tests.Ecosystems.Npm;

public sealed class JavaScriptTests
{
    [Theory]
    [InlineData("a.ts", "x = /'/; import('a')", "a")]
    [InlineData("a.ts", "x = a / b; y = '/'; import('a')", "/|a")]
    [InlineData("a.ts", "if (x) /'/.test(y); import('a')", "a")]
    [InlineData("a.ts", "f(x) / 'a' / 2", "a")]
    [InlineData("a.ts", "x.return / 'a' / 2", "a")]
    [InlineData("a.ts", "x = /[/']/g, y = 'a'", "a")]
    [InlineData("a.ts", "x = `a${{ b: `c${'d'}` }.b}e` + 'f'", "a${{ b: `c${'d'}` }.b}e|c${'d'}|d|f")]
    [InlineData("a.ts", "x = `a\\`${/}/.source}` / 'b' / 2", "a\\`${/}/.source}|b")]
    [InlineData("a.ts", "x = 'not closed\ny = 'a'", "not closed|a")]
    [InlineData("a.ts", "x = <T>'a'", "a")]
    [InlineData("a.tsx", "x = <a b='c'>don't {'d'} <e/> won't</a>; 'f'", "c|d|f")]
    [InlineData("a.tsx", "const f = <T,>(x: T) => 'a', g = <T extends U>(x: T) => <>isn't</>; 'b'", "a|b")]
    [InlineData("a.tsx", "x = <T>() => 'a'; y = <b>'c'</b>", "a|c")]
    [InlineData("a.jsx", "return <a>{x > 1 && <b>it's</b>}</a>; 'c'", "c")]
    [InlineData("a.js", "x = 1 < 2; 'a'", "a")]
    [InlineData("a.html", "it's <a b=\"c\"> { 'd' <script>'e'</script> 'f' <!-- <script>'g'</script> -->", "c|e")]
    [InlineData("a.vue", "{{ it('a') }} <script>'b'</script> isn't", "a|b")]
    [InlineData("a.astro", "---\nimport a from 'a'\n---\n<b c='d'>{'e'} isn't</b>", "a|d|e")]
    public void Text_IsRead_HoldsWhatTheLanguageHolds(string path, string source, string expected) =>
        string.Join('|', Read(path, source).Where(m => m.Kind == MentionKind.Text).Select(m => m.What)).ShouldBe(expected);

    [Theory]
    [InlineData("env.AI.run(x)", "env.AI.run")]
    [InlineData("const { AI } = env; AI.run(x)", "AI.run env.AI.run")]
    [InlineData("const { AI: a, B } = this.env!; a.run(x)", "a.run this.env.AI.run")]
    [InlineData("const a = c.env?.AI; a.run(x)", "a.run c.env.AI.run")]
    [InlineData("const a = env.AI(); a.run(x)", "env.AI a.run")]
    [InlineData("const a = env[x]; a.run(x)", "a.run")]
    [InlineData("`${a.b}${c}`", "")]
    public void Chain_OfAPart_IsToldWhole(string source, string expected) =>
        string.Join(' ', Read("a.ts", source).Where(m => m.Kind == MentionKind.Chain).Select(m => m.What)).ShouldBe(expected);

    [Theory]
    [InlineData("new Client()", "Client")]
    [InlineData("new sdk.x.Client()", "Client")]
    [InlineData("import { Client } from 'a'; new Client()", "")]
    [InlineData("import { A as Client } from './a'; new Client()", "")]
    [InlineData("const { Client } = await import('a'); new Client()", "")]
    [InlineData("const { Client } = require('a'); new Client()", "")]
    [InlineData("const { Client } = await load(); new Client()", "Client")]
    [InlineData("class Client {}; new Client()", "")]
    [InlineData("const Client = class {}; new Client()", "")]
    public void Type_OfWhatTheFileItselfNames_SaysNothingMore(string source, string expected) =>
        string.Join(' ', Read("a.ts", source).Where(m => m.Kind == MentionKind.Type).Select(m => m.What)).ShouldBe(expected);

    [Theory]
    [InlineData("require('./a'); import('../b'); import '/c'", "")]
    [InlineData("import.meta.resolve('a'); path.resolve('b')", "a")]
    [InlineData("const r = createRequire(x.y(z)), s = module.createRequire(x); r('a'); s('b'); t('c')", "a b")]
    [InlineData("createRequire(import.meta.url)('a'); other(x)('b')", "a")]
    [InlineData("import x from 'https://cdn.jsdelivr.net/npm/@a/b@1.0/c.js'; import 'npm:d@1/e'", "@a/b/c.js d/e")]
    [InlineData("System.import('a'); loader.import('b')", "a")]
    [InlineData("vi.importActual('a'); vi.mock('b')", "a")]
    [InlineData("import('a/' + b); import(`c/${d}`)", "a/ c/${d}")]
    public void Import_InEachForm_IsTold(string source, string expected) =>
        string.Join(' ', Read("a.ts", source).Where(m => m.Kind == MentionKind.Import).Select(m => m.What)).ShouldBe(expected);

    private static List<Mention> Read(string path, string text)
    {
        var mentions = new List<Mention>();
        new JavaScript().Read(path, text, mentions);
        return mentions;
    }
}
