using System.Reflection;
using System.Text;
using Sluice.Testing;

namespace Sluice.Tests.Architecture;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        var approved = Repository.PathOf("tests/Sluice.Tests/Architecture/PublicApi.Sluice.txt");
        var actual = Describe(typeof(SluiceException).Assembly);
        if (Environment.GetEnvironmentVariable("SLUICE_ACCEPT") == "1")
        {
            File.WriteAllText(approved, actual);
        }

        actual.ShouldBe(
            File.ReadAllText(approved),
            "the public surface changed; if it should, run with SLUICE_ACCEPT=1 and commit the file"
        );
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        // Beside extension members the compiler writes types of its own, whose names hold brackets.
        var types = assembly.GetExportedTypes().Where(t => !t.FullName!.Contains('<', StringComparison.Ordinal));
        foreach (var type in types.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(
                    type.IsEnum ? "enum "
                    : type.IsInterface ? "interface "
                    : type.IsValueType ? "struct "
                    : "class "
                )
                .Append(type.FullName)
                .Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(m => m is not MethodInfo { IsSpecialName: true } && !m.Name.Contains('<', StringComparison.Ordinal))
                .Select(m => $"    {m.MemberType.ToString().ToLowerInvariant()} {m}\n")
                .Order(StringComparer.Ordinal);
            text.AppendJoin("", members);
        }

        return text.ToString();
    }
}
