pub const BASE: &str = "https://api.openai.com/v1";
