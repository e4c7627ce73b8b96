using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>packages.lock.json of one project: by framework, what it asks for, what comes with that, and what the projects it refers to need.</summary>
internal static class NuGetLock
{
    /// <exception cref="JsonTextException">It is not JSON.</exception>
    public static LockFile Read(ManifestText file, string project)
    {
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        var asked = new List<string>();
        foreach (var framework in JsonTree.Parse(file.Text)["dependencies"]?.Members ?? [])
        {
            foreach (var member in framework.Value.Members)
            {
                var key = Key(framework, member.Name);
                var type = member.Value["type"]?.Text;
                var needs = (member.Value["dependencies"]?.Members ?? []).Select(d => Key(framework, d.Name)).ToList();
                locked[key] = new LockedPackage(key, member.Name, member.Line, needs, type == "Project");
                if (type is "Direct" or "Project")
                {
                    asked.Add(key);
                }
            }
        }

        var root = "project " + project;
        locked[root] = new LockedPackage(root, project, 0, asked, IsLocal: true);
        return new LockFile(file.Path, Rules.Ecosystem.NuGet, [root], locked);
    }

    private static string Key(JsonMember framework, string name) => $"{framework.Name}/{name.ToLowerInvariant()}";
}
