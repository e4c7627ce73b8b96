NAME = "anthropic"
