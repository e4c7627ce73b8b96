using System;
using Azure.AI.TextAnalytics;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using Microsoft.OpenApi.Models;
using OpenAI.Own;
using Shop.OpenAI;
using TiktokenSharp;

namespace Shop;

using Own = OpenAI.Prices;

/// <summary>Instead of <c>new OpenAIClient()</c>: https://api.openai.com</summary>
public sealed class Program(IChatClient chat, Settings settings)
{
    private readonly OpenAI.Prices prices = new OpenAI.Prices();
    private readonly AnthropicClient client = new AnthropicClient();

    public const string OpenAI_Name = "OpenAI";

    public void Run(Connection database)
    {
        database.Run("select 1");
        // new OpenAIClient("key");
        var text = "using OpenAI; new OpenAIClient();";
        var verbatim = @"\"; /* https://api.openai.com */ var quote = '"'; // new OpenAIClient()
        var raw = """new OllamaApiClient("x"), "quoted" """;
        var key = settings.OpenAI.Key;
        var kind = Vendor.OpenAI.ToString();
        var name = nameof(OpenAI.Prices);
        using var scope = database.Begin();
        using (var other = database.Begin()) { }
        var docs = "https://docs.anthropic.com.example/";
        services.AddOpenAIClient(settings);
        var typed = OpenAI_Name switch { "OpenAI" => 1, _ => 0 };
#region OpenAI
#pragma warning disable OPENAI001
#endregion
    }
}

public enum Vendor { OpenAI, Anthropic }

/// <summary>Our own, which speaks to the gateway.</summary>
public sealed class AnthropicClient { }

public static class Registration
{
    public static IServiceCollection AddOpenAIClient(this IServiceCollection services, Settings settings) => services;
}
