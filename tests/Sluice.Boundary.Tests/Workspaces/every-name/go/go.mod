module example.com/every-go

go 1.24

require (
	github.com/anthropics/anthropic-sdk-go v1.0.0
	github.com/liushuangls/go-anthropic v1.0.0
	github.com/openai/openai-go v1.0.0
	github.com/sashabaranov/go-openai v1.0.0
	github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai v1.0.0
	google.golang.org/genai v1.0.0
	github.com/google/generative-ai-go v1.0.0
	cloud.google.com/go/vertexai v1.0.0
	github.com/aws/aws-sdk-go-v2/service/bedrockruntime v1.0.0
	github.com/gage-technologies/mistral-go v1.0.0
	github.com/cohere-ai/cohere-go v1.0.0
	github.com/conneroisu/groq-go v1.0.0
	github.com/jpoz/groq v1.0.0
	github.com/ollama/ollama v1.0.0
	github.com/jmorganca/ollama v1.0.0
	github.com/hupe1980/go-huggingface v1.0.0
	github.com/togethercomputer/together-go v1.0.0
	github.com/replicate/replicate-go v1.0.0
	github.com/revrost/go-openrouter v1.0.0
	github.com/cohesion-org/deepseek-go v1.0.0
	github.com/maximhq/bifrost v1.0.0
	github.com/teilomillet/gollm v1.0.0
	github.com/mozilla-ai/any-llm-go v1.0.0
	github.com/cloudwego/eino-ext/components/model v1.0.0
)
