using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Sluice.Calls;

namespace Sluice.Client;

/// <summary>Receipts as they ride along with answers, which applications store and cache.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext
{
    public static JsonElement Write(Receipt receipt) => JsonSerializer.SerializeToElement(receipt, Default.Receipt);

    public static Receipt? Read(AdditionalPropertiesDictionary? properties) =>
        properties.Element(Properties.Receipt) is { } receipt ? receipt.Deserialize(Default.Receipt) : null;
}
