package names

import (
	"example.com/clean/internal/openai"
	"github.com/openai/openai-go"
	"github.com/openai/openai-gopher"
)

// https://api.openai.com
var text = "github.com/sashabaranov/go-openai"
var rune = '"' // https://api.openai.com "
var lines = `
import "github.com/sashabaranov/go-openai"
`
