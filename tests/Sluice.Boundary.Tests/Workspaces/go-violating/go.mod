module example.com/shop

go 1.24

// require github.com/openai/openai-go v0.1.0
require github.com/ollama/ollama v0.5.0

require (
	github.com/anthropics/anthropic-sdk-go v1.0.0
	github.com/openai/openai-go/v2 v2.0.0 // used by ask
	"github.com/sashabaranov/go-openai" v1.0.0 // indirect; through example.com/chat
	example.com/client v1.0.0
)

exclude github.com/replicate/replicate-go v0.1.0

replace (
	example.com/client => github.com/cohere-ai/cohere-go/v2 v2.1.0
	golang.org/x/text => ../text
)

retract v0.9.0 // github.com/jpoz/groq
