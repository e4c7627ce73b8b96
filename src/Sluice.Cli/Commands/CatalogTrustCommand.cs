using System.CommandLine;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice catalog trust`: a price that a bill had made doubtful was looked at.</summary>
internal static class CatalogTrustCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "As provider/model, with the provider's name in the configuration." };
        var data = SharedOptions.Data();
        var command = new Command(
            "trust",
            "Say that a doubtful price was compared with the vendor's, so that it is listed as such no more."
        )
        {
            model,
            data,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(model)!;
            var database = DataDirectory.DatabaseIn(parsed.GetValue(data)!);
            if (name.Split('/', 2) is not [var provider, var id])
            {
                throw new UserException($"'{name}' is not provider/model");
            }

            if (!File.Exists(database) || !SqlitePriceDoubts.Settle(database, provider, id))
            {
                throw new UserException($"the price of {name} is not in doubt; `sluice catalog list --doubtful` shows which are");
            }

            Console.WriteLine($"{name}: its price is believed again");
            return ExitCode.Done;
        });
        return command;
    }
}
