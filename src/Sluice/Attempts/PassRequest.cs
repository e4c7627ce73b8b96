using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>A request that passes to a provider as it is.</summary>
internal sealed record PassRequest
{
    public required Provider Provider { get; init; }

    /// <summary>What is asked, for ledger and receipts: the method and the path, ids left out.</summary>
    public required string Name { get; init; }

    /// <summary>Method, address, headers and body; the credential is still missing.</summary>
    public required HttpRequestMessage Message { get; init; }

    /// <summary>What it costs; <see langword="null"/> where nobody has said.</summary>
    public Credits? Price { get; init; }

    /// <summary>Where the configuration takes what it costs.</summary>
    public string PriceIsSaid =>
        $"the configuration may give it a price: \"providers\": {{ \"{Provider.Name}\": {{ \"passThrough\": {{ \"{Name}\": {{ \"price\": \"0.04\" }} }} }} }}";

    /// <summary>The credential that made what is asked about; <see langword="null"/> for any.</summary>
    public string? Credential { get; init; }

    /// <summary>Whether any byte of the body has left, asked when the call fails.</summary>
    public Func<bool> Started { get; init; } = () => true;

    /// <summary>The provider as a target, at the price of one request.</summary>
    public Target Target =>
        new()
        {
            Provider = Provider,
            Model = Name,
            Card = new ModelCard
            {
                Provider = Provider.Dialect.Name,
                Id = Name,
                ContextWindow = 0,
                MaxOutput = 0,
                Price = Price is { } price
                    ? new Price
                    {
                        Input = 0,
                        Output = 0,
                        PerRequest = price.Dollars,
                    }
                    : null,
            },
        };

    /// <summary>The route that stands for the provider.</summary>
    public Route Route =>
        new()
        {
            Name = RouteOf(Provider.Name),
            Tier = Tier.Premium,
            Targets = [Target],
            Pinned = true,
        };

    public static string RouteOf(string provider) => $"p/{provider}";
}

/// <summary>The caller's body ended the call: too long, or about something that is not his.</summary>
/// <param name="status">What he is told.</param>
/// <param name="message">May reach him.</param>
internal sealed class PassBodyException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;
}

/// <summary>A call was not let through; the message may reach the caller.</summary>
internal sealed class PassRefusedException(Admission.Refusal refusal) : Exception(refusal.Reason)
{
    public Admission.Refusal Refusal { get; } = refusal;
}
