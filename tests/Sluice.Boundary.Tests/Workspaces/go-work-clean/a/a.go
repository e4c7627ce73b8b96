package a

import "github.com/openai/openai-go/option"
