using System.CommandLine;
using Sluice.Boundary.Rules;
using Sluice.Cli;
using Sluice.Cli.Commands;
using Sluice.Configuration;
using Sluice.Gateway;
using Sluice.Ledger;
using Sluice.Routing;

var root = new RootCommand("The one gate between your software and every LLM provider.")
{
    ServeCommand.Create(),
    ChatCommand.Create(),
    ExplainCommand.Create(),
    InitCommand.Create(),
    DoctorCommand.Create(),
    ConfigCommand.Create(),
    KeysCommand.Create(),
    LedgerCommand.Create(),
    BudgetsCommand.Create(),
    TargetsCommand.Create(),
    SimulateCommand.Create(),
    ProvidersCommand.Create(),
    ModelsCommand.Create(),
    CatalogCommand.Create(),
    DecodeCommand.Create(),
    UsageCommand.Create(),
    VerifyCommand.Create(),
    CheckCommand.Create(),
};

try
{
    var parsed = root.Parse(args);
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
    return parsed.Errors.Count > 0 ? ExitCode.Refused : code;
}
catch (Exception exception)
    when (exception
            is ConfigurationException
                or BoundaryException
                or GatewayException
                or LedgerException
                or RouteNotFoundException
                or UserException
                or IOException
                or UnauthorizedAccessException
    )
{
    await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
    return ExitCode.Refused;
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
