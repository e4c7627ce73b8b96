const { OpenAI } = require("openai");
