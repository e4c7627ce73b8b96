#:package Anthropic.SDK@5.0.0
#:property PublishAot=false
Console.WriteLine(1);
