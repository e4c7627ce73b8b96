module github.com/openai/openai-go
