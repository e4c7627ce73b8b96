package ask

import "github.com/openai/openai-go/v2"
