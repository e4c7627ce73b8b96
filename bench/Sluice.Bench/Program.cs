using BenchmarkDotNet.Running;
using Sluice.Bench;

switch (args)
{
    case ["upstream", var port]:
        await MockUpstream.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["bare", var port, var upstream]:
        await BareForwarder.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), new Uri(upstream));
        return 0;
    case ["micro", ..]:
        BenchmarkSwitcher.FromTypes([typeof(LibraryOverhead), typeof(HoldCost)]).Run(args[1..]);
        return 0;
    case ["cancel"]:
        await CancellationDelay.RunAsync();
        return 0;
    case ["keys", var directory, var count]:
        ManyKeys.Make(directory, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["ledger", var entries, var users]:
        LedgerSize.Run(
            int.Parse(entries, System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(users, System.Globalization.CultureInfo.InvariantCulture)
        );
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "upstream PORT | bare PORT UPSTREAM | micro | cancel | keys DIRECTORY COUNT | ledger ENTRIES USERS"
        );
        return 2;
}
