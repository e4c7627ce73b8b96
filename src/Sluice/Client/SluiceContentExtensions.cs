using Microsoft.Extensions.AI;
using Sluice.Client;

namespace Sluice;

/// <summary>What can be said of messages, contents and tools beyond their members. It is stored with them.</summary>
public static class SluiceContentExtensions
{
    /// <summary>Lets the provider cache the prompt up to and including this content (Anthropic, Bedrock). Others cache by themselves; then the receipt says so.</summary>
    /// <param name="content">The last content of what is to be cached.</param>
    /// <param name="ttl">For how long; <see langword="null"/>, the default, leaves it to the provider (five minutes).</param>
    /// <returns>The same content.</returns>
    public static T WithCacheControl<T>(this T content, CacheTtl? ttl = null)
        where T : AIContent
    {
        content.AdditionalProperties = content.AdditionalProperties.With(Properties.Cache, NameOf(ttl));
        return content;
    }

    /// <summary>Lets the provider cache the prompt up to and including this message, which must have content.</summary>
    /// <inheritdoc cref="WithCacheControl{T}(T, CacheTtl?)"/>
    /// <exception cref="ArgumentException">The message is empty.</exception>
    public static ChatMessage WithCacheControl(this ChatMessage message, CacheTtl? ttl = null)
    {
        var last =
            message.Contents.LastOrDefault(TurnProjection.Says)
            ?? throw new ArgumentException("a message without content cannot be marked", nameof(message));
        last.WithCacheControl(ttl);
        return message;
    }

    /// <summary>The function, with a mark that lets the provider cache all tools up to and including it.</summary>
    /// <param name="function">The last of the tools to be cached.</param>
    /// <param name="ttl">For how long; <see langword="null"/>, the default, leaves it to the provider (five minutes).</param>
    public static AIFunction WithCacheControl(this AIFunction function, CacheTtl? ttl = null) => new MarkedFunction(function, NameOf(ttl));

    /// <summary>Asks for an answer that cites this document (Anthropic, Bedrock); see <see cref="CitationAnnotation"/>.</summary>
    /// <returns>The same document.</returns>
    public static T WithCitations<T>(this T document)
        where T : AIContent
    {
        document.AdditionalProperties = document.AdditionalProperties.With(Properties.Cited, true);
        return document;
    }

    /// <param name="result">The result of a tool.</param>
    extension(FunctionResultContent result)
    {
        /// <summary>Whether the tool failed and the model is told so. Unlike <see cref="FunctionResultContent.Exception"/> it is stored.</summary>
        /// <value>Where it was never set, whether there is an exception.</value>
        public bool IsError
        {
            get => result.AdditionalProperties.Flag(Properties.IsError) ?? result.Exception is not null;
            set => result.AdditionalProperties = result.AdditionalProperties.With(Properties.IsError, value);
        }
    }

    private static string NameOf(CacheTtl? ttl) =>
        ttl switch
        {
            CacheTtl.FiveMinutes => "5m",
            CacheTtl.OneHour => "1h",
            _ => "",
        };

    private sealed class MarkedFunction(AIFunction function, string ttl) : DelegatingAIFunction(function)
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            new Dictionary<string, object?>(function.AdditionalProperties) { [Properties.Cache] = ttl };
    }
}

/// <summary>For how long a provider caches the beginning of a prompt.</summary>
public enum CacheTtl
{
    /// <summary>Five minutes from its last use.</summary>
    FiveMinutes,

    /// <summary>One hour from its last use; writing it costs more.</summary>
    OneHour,
}
