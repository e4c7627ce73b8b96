namespace Every;

internal static class Types
{
    public static object T0() => new AnthropicClient();

    public static object T1() => new OpenAIClient();

    public static object T2() => new OpenAIChatCompletionService();

    public static object T3() => new AzureOpenAIClient();

    public static object T4() => new AzureOpenAIChatCompletionService();

    public static object T5() => new AmazonBedrockRuntimeClient();

    public static object T6() => new OllamaApiClient();

    public static object T7() => new OllamaChatClient();
}
