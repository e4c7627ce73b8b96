using System.CommandLine;
using Sluice.Cli.Chat;
using Sluice.Ledger;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice chat`: one question through a route, streamed to the terminal, with what it cost and why it went there.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var prompt = new Argument<string[]>("PROMPT") { Description = "What to say.", Arity = ArgumentArity.OneOrMore };
        var route = new Option<string>("--route")
        {
            Description = "The route, model or pin. Default: the default route.",
            DefaultValueFactory = _ => "",
        };
        var key = new Option<string?>("--key")
        {
            Description = "The key for a running gateway that asks for one. Default: the environment's SLUICE_API_KEY.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SLUICE_API_KEY"),
        };
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command(
            "chat",
            "Ask once through a route; shows target and cost. Goes through the gateway that runs on the data directory, if one does."
        )
        {
            prompt,
            route,
            key,
            config,
            data,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var question = new ChatQuestion(parsed.GetValue(route)!, string.Join(' ', parsed.GetValue(prompt)!));
                var screen = new ChatScreen(parsed.GetValue(json));
                var directory = new DataDirectory(parsed.GetValue(data)!);
                return await AskAsync(question, screen, directory, parsed.GetValue(config), parsed.GetValue(key), cancellationToken)
                    .ConfigureAwait(false);
            }
        );
        return command;
    }

    private static async Task<int> AskAsync(
        ChatQuestion question,
        ChatScreen screen,
        DataDirectory data,
        string? config,
        string? key,
        CancellationToken cancellationToken
    )
    {
        var setup = await Setup.CreateAsync(config, cancellationToken).ConfigureAwait(false);
        await using (setup.ConfigureAwait(false))
        {
            SluiceEngine engine;
            try
            {
                engine = LocalEngine.Open(setup, data);
            }
            catch (LedgerInUseException) when (data.Gateway is { } address)
            {
                return await GatewayChat.AskAsync(address, key, question, screen, cancellationToken).ConfigureAwait(false);
            }

            await using (engine.ConfigureAwait(false))
            {
                return await LocalChat.AskAsync(engine, question, screen, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
