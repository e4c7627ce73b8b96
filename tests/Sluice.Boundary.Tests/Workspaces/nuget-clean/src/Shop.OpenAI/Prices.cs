namespace Shop.OpenAI;

public sealed class Prices { }
