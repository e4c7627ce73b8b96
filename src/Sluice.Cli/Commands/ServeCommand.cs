using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Sluice.Gateway;

namespace Sluice.Cli.Commands;

/// <summary>`sluice serve`: the gateway.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var port = SharedOptions.Port("--port", "The port callers connect to; 0 takes a free one.", 4180);
        var adminPort = SharedOptions.Port("--admin-port", "The operators' port on loopback; 0 takes a free one.", 0);
        var host = new Option<string>("--host")
        {
            Description = "The address to listen on. Others than loopback need keys and TLS.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var cert = new Option<string?>("--cert")
        {
            Description = "A certificate with its key, PEM or PKCS#12, for TLS.",
            HelpName = "FILE",
        };
        var proxy = new Option<bool>("--trusted-proxy") { Description = "A proxy in front ends TLS." };
        var command = new Command("serve", "Run the gateway. Without a configuration it uses the keys in the environment, else a sandbox.")
        {
            config,
            data,
            port,
            adminPort,
            host,
            cert,
            proxy,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (!IPAddress.TryParse(parsed.GetValue(host), out var address))
                {
                    throw new UserException($"--host: '{parsed.GetValue(host)}' is not an IP address; write 127.0.0.1 or 0.0.0.0");
                }

                var setup = await Setup.CreateAsync(parsed.GetValue(config), cancellationToken).ConfigureAwait(false);
                await using (setup.ConfigureAwait(false))
                {
                    var options = new GatewayOptions
                    {
                        Load = setup.Load,
                        Data = parsed.GetValue(data)!,
                        Address = address,
                        Port = parsed.GetValue(port),
                        AdminPort = parsed.GetValue(adminPort),
                        Certificate = Certificate(parsed.GetValue(cert)),
                        TrustedProxy = parsed.GetValue(proxy),
                        Sandbox = setup.Sandbox,
                    };
                    await RunAsync(options, setup, cancellationToken).ConfigureAwait(false);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task RunAsync(GatewayOptions options, Setup setup, CancellationToken cancellationToken)
    {
        GatewayHost gateway;
        try
        {
            gateway = await GatewayHost.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new UserException($"{exception.Message} Choose another with --port.");
        }

        await using (gateway.ConfigureAwait(false))
        {
            Announce(gateway, setup, options);
            await gateway.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Announce(GatewayHost gateway, Setup setup, GatewayOptions options)
    {
        var snapshot = gateway.Engine.Configuration.Current;
        Console.WriteLine(
            $"Sluice listens on {gateway.Address}  (OpenAI: {gateway.Address}v1; Anthropic, Gemini and Ollama: {gateway.Address})"
        );
        Console.WriteLine($"  {setup.Origin}");
        foreach (var route in snapshot.Routes.Values.Where(r => !r.Placeholder).OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            Console.WriteLine(
                $"  {route.Name}{(route.Default ? " (default)" : "")}: {string.Join(", ", route.Targets.Select(t => t.Provider.Missing is null ? t.Name : $"{t.Name} (no key)"))}"
            );
        }

        Console.WriteLine($"  admin on {gateway.AdminAddress} with the key in {Path.Combine(Path.GetFullPath(options.Data), "admin.key")}");
        foreach (var warning in snapshot.Warnings)
        {
            Console.WriteLine($"  note: {warning}");
        }

        if (gateway.Engine.Ledger.Recovered is { Count: > 0 } lost)
        {
            Console.WriteLine($"  recovered: {lost.Count} holds of the last run had no settlement and were booked in full");
        }
    }

    private static X509Certificate2? Certificate(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            return file.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)
                ? X509Certificate2.CreateFromPemFile(file)
                : X509CertificateLoader.LoadPkcs12FromFile(file, null);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Cryptography.CryptographicException)
        {
            throw new UserException($"--cert: {file} cannot be used: {exception.Message}");
        }
    }
}
