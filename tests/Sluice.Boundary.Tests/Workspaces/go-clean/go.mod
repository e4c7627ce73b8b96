module example.com/clean

go 1.24

require (
	github.com/getkin/kin-openapi v0.1.0
	github.com/openai/openai-go v1.0.0
	github.com/pkoukk/tiktoken-go v0.1.0
)

exclude github.com/sashabaranov/go-openai v1.0.0

replace github.com/openai/openai-go v1.0.0 => ./internal/openai
