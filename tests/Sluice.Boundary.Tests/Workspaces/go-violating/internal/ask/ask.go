// Package ask asks; import "github.com/jpoz/groq" is only a comment.
//go:build !never

package ask

/*
import "github.com/replicate/replicate-go"
*/
import "fmt"
import oa "github.com/openai/openai-go/v2"

import (
	. "github.com/anthropics/anthropic-sdk-go/option"
	_ "github.com/tmc/langchaingo/llms/ollama"

	"strings" // "github.com/jpoz/groq"
	chat `github.com/sashabaranov/go-openai`
)

const base = `https://api.openai.com/v1`

var quote, host = '"', "https://api.anthropic.com" + "/v1"

func Ask() string {
	// https://api.groq.com
	url := fmt.Sprintf("https://%s.openai.azure.com/", "east")
	raw := `a \` + "https://api.mistral.ai"
	return url + raw + "import \"github.com/jpoz/groq\""
}
