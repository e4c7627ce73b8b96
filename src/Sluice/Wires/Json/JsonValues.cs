using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Wires.Json;

/// <summary>Source-generated serialization of the few JSON values that are passed on as they are.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonValues : JsonSerializerContext;
