using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sluice.Calls;
using Sluice.Client;

namespace Sluice;

/// <summary>What can be asked of a model beyond the members of <see cref="ChatOptions"/>. What a target cannot do is on the receipt.</summary>
/// <remarks>
/// <para>The values stand in <see cref="ChatOptions.AdditionalProperties"/> as JSON knows them: they are cloned with the options and
/// survive being stored. Other chat clients do not see them.</para>
/// <para>Effort and text of the reasoning are in <see cref="ChatOptions.Reasoning"/>, calls in parallel in
/// <see cref="ChatOptions.AllowMultipleToolCalls"/>.</para>
/// </remarks>
public static class SluiceChatOptionsExtensions
{
    private const string Thinking = "sluice.thinkingBudgetTokens";
    private const string Adaptive = "sluice.adaptiveThinking";
    private const string Effort = "sluice.reasoningEffort";
    private const string CacheKey = "sluice.promptCacheKey";
    private const string Tier = "sluice.serviceTier";
    private const string Probabilities = "sluice.logprobs";
    private const string Alternatives = "sluice.topLogprobs";
    private const string User = "sluice.endUserId";
    private const string Customer = "sluice.tenant";
    private const string Labels = "sluice.tags";
    private const string Agent = "sluice.agentRole";
    private const string Kind = "sluice.taskKind";
    private const string Instead = "sluice.override";
    private const string InsteadBecause = "sluice.overrideBecause";
    private const string Limit = "sluice.deadline";
    private const string Native = "sluice.providerOptions";

    /// <param name="options">The options of a call.</param>
    extension(ChatOptions options)
    {
        /// <summary>How many tokens the model may think with, as Anthropic, Gemini and Bedrock count them. Elsewhere it becomes the nearest effort.</summary>
        /// <value>In tokens, below <see cref="ChatOptions.MaxOutputTokens"/>; <see langword="null"/>, the default, leaves it to the target.</value>
        public long? ThinkingBudgetTokens
        {
            get => options.AdditionalProperties.Number(Thinking);
            set => Set(options, Thinking, value);
        }

        /// <summary>Whether the model itself decides how much it thinks, which newer models of Anthropic's do best. It replaces a budget.</summary>
        /// <value><see langword="null"/>, the default, leaves it to the target.</value>
        public bool? AdaptiveThinking
        {
            get => options.AdditionalProperties.Flag(Adaptive);
            set => Set(options, Adaptive, value);
        }

        /// <summary>The effort of reasoning by a name that <see cref="ReasoningEffort"/> does not have: <c>minimal</c>, <c>max</c>.</summary>
        /// <value><see langword="null"/>, the default, leaves it to <see cref="ReasoningOptions.Effort"/>.</value>
        public string? ReasoningEffortName
        {
            get => options.AdditionalProperties.Text(Effort);
            set => Set(options, Effort, value);
        }

        /// <summary>What calls with a common beginning have in common, so that they meet the same prompt cache (OpenAI, xAI, Workers AI).</summary>
        public string? PromptCacheKey
        {
            get => options.AdditionalProperties.Text(CacheKey);
            set => Set(options, CacheKey, value);
        }

        /// <summary>The provider's class of service: <c>auto</c>, <c>default</c>, <c>flex</c>, <c>priority</c>; <c>standard_only</c> with Anthropic.</summary>
        public string? ServiceTier
        {
            get => options.AdditionalProperties.Text(Tier);
            set => Set(options, Tier, value);
        }

        /// <summary>Whether the probabilities of the answer's tokens are reported; see <see cref="SluiceChatExtensions.GetLogprobs"/>.</summary>
        public bool? Logprobs
        {
            get => options.AdditionalProperties.Flag(Probabilities);
            set => Set(options, Probabilities, value);
        }

        /// <summary>For how many likely tokens at each place they are reported; asks for <c>Logprobs</c> too.</summary>
        /// <value>0 to 20 with most providers.</value>
        public int? TopLogprobs
        {
            get => (int?)options.AdditionalProperties.Number(Alternatives);
            set => Set(options, Alternatives, (long?)value);
        }

        /// <summary>The id of the end user, for budgets and for the provider's watch over abuse; no name, no address.</summary>
        public string? EndUserId
        {
            get => options.AdditionalProperties.Text(User);
            set => Set(options, User, value);
        }

        /// <summary>The customer on whose behalf the application asks, for budgets and reports; no provider is told.</summary>
        public string? Tenant
        {
            get => options.AdditionalProperties.Text(Customer);
            set => Set(options, Customer, value);
        }

        /// <summary>By what the call is to be found in budgets and reports; no provider is told.</summary>
        /// <value>In order, each once, without commas; <see langword="null"/>, the default, for none.</value>
        public IReadOnlyList<string>? Tags
        {
            get => options.AdditionalProperties.Texts(Labels);
            set =>
                Set(
                    options,
                    Labels,
                    value is null ? null : JsonElement.Parse(new JsonArray([.. value.Select(t => JsonValue.Create(t))]).ToJsonString())
                );
        }

        /// <summary>The agent role the call counts for in budgets and rules, in place of its route's; no provider is told.</summary>
        /// <value><see langword="null"/>, the default, for the route's.</value>
        public string? AgentRole
        {
            get => options.AdditionalProperties.Text(Agent);
            set => Set(options, Agent, value);
        }

        /// <summary>What kind of task it is, for rules of the policy to tell calls apart; no provider is told.</summary>
        public string? TaskKind
        {
            get => options.AdditionalProperties.Text(Kind);
            set => Set(options, Kind, value);
        }

        /// <summary>How long the whole call may take, all attempts together. The route's own deadline applies where it is shorter.</summary>
        /// <value>Above zero; <see langword="null"/>, the default, for the route's.</value>
        public TimeSpan? Deadline
        {
            get =>
                TimeSpan.TryParseExact(options.AdditionalProperties.Text(Limit), "c", CultureInfo.InvariantCulture, out var deadline)
                    ? deadline
                    : null;
            set => Set(options, Limit, value?.ToString("c", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Adds members of a provider's own to its request. They reach that provider alone and are lost on no other.</summary>
    /// <param name="options">The options of a call.</param>
    /// <param name="provider">A provider's name in the configuration, a vendor (<c>anthropic</c>) or a wire (<c>anthropic-messages</c>).</param>
    /// <param name="members">Members as they stand in that provider's request; those added before under the same names are replaced.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithProviderOptions(this ChatOptions options, string provider, JsonObject members)
    {
        var all = options.AdditionalProperties.Element(Native) is { } before ? JsonObject.Create(before)! : [];
        if (all[provider] is not JsonObject own)
        {
            all[provider] = own = [];
        }

        foreach (var (name, value) in members)
        {
            own[name] = value?.DeepClone();
        }

        options.AdditionalProperties = options.AdditionalProperties.With(Native, JsonElement.Parse(all.ToJsonString()));
        return options;
    }

    /// <summary>Sends this one call elsewhere than to its route. The route's deadline, retries and budgets stay; rules of the policy are not asked.</summary>
    /// <param name="options">The options of a call.</param>
    /// <param name="name">A route, a model or <c>provider/model</c>, which is then never substituted.</param>
    /// <param name="because">Why, for receipt and ledger.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">There is no name or no reason.</exception>
    public static ChatOptions WithOverride(this ChatOptions options, string name, string because)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        Set(options, Instead, name);
        Set(options, InsteadBecause, because);
        return options;
    }

    internal static CallOverride? OverrideOf(ChatOptions options) =>
        options.AdditionalProperties.Text(Instead) is { } name
            ? new CallOverride(name, options.AdditionalProperties.Text(InsteadBecause) ?? "")
            : null;

    /// <summary>The members that were added for a provider; <see langword="null"/> for none.</summary>
    public static JsonObject? GetProviderOptions(this ChatOptions options, string provider) =>
        NativeMembers(options)?.TryGetProperty(provider, out var members) == true ? JsonObject.Create(members) : null;

    /// <summary>The native members for all providers.</summary>
    internal static JsonElement? NativeMembers(ChatOptions? options) => options?.AdditionalProperties.Element(Native);

    private static void Set(ChatOptions options, string name, object? value) =>
        options.AdditionalProperties = options.AdditionalProperties.With(name, value);
}
