using System.Security.Cryptography;
using System.Text;

namespace Sluice.Gateway.Admin;

/// <summary>The key of the admin listener: made at first start, readable by its owner only.</summary>
internal sealed class AdminKey
{
    private readonly byte[] _key;

    private AdminKey(string key) => _key = Encoding.UTF8.GetBytes(key);

    public static AdminKey ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            var key = "sk-admin-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(key));
        }

        return new AdminKey(File.ReadAllText(path).Trim());
    }

    public bool Matches(ReadOnlySpan<char> presented) =>
        CryptographicOperations.FixedTimeEquals(_key, Encoding.UTF8.GetBytes(presented.ToArray()));
}
