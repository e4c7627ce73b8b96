global using OpenAI.Chat;
using System;
using static OpenAI.OpenAIClient;
using Llm = OpenAI.Chat.ChatClient;
using Clients = System.Collections.Generic.List<OpenAI.OpenAIClient>;
using global::Azure.AI.OpenAI;
#if DEBUG
using Mistral.SDK;
#endif
#region using Anthropic.SDK;
#endregion

// using Anthropic.SDK;
/* using Anthropic.SDK; */
/// <see cref="Anthropic.SDK.AnthropicClient"/>
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenAIChatCompletion("gpt-5", "key");
builder.Services.AddKernel().AddAzureOpenAIChatCompletion<Llm>(deployment, "name");
builder.Services
    .AddOllamaApiClient
    (uri);
var client = new OpenAI.Chat.ChatClient("gpt-5", Environment.GetEnvironmentVariable("KEY"));
OpenAIClient other = new("key");
var made = OpenAI.Chat.ChatMessage.CreateUserMessage("hi");
var type = typeof(AnthropicClient);
var service = app.Services.GetRequiredService<AmazonBedrockRuntimeClient>();
var text = "new OpenAIClient() in a string";
var verbatim = @"C:\""https://api.openai.com/v1""";
var raw = """
    "https://api.anthropic.com/v1"
    """;
var filled = $"https://{region}-aiplatform.googleapis.com/v1/{new OpenAIClient("key").Name:N2}/{{new AnthropicClient()}}";
var nested = $$"""{ "url": "{{Call($"http://{host}:11434")}}" }""";
var bytes = "https://api.mistral.ai"u8;
var quote = '"'; var escaped = '\''; var model = new OllamaApiClient("x"); // '"'
Func<OpenAIClient?> late = () => null;

static async Task Ask(OpenAIClient injected, string @base = "https://api.groq.com/openai/v1") => await injected.Ask();
