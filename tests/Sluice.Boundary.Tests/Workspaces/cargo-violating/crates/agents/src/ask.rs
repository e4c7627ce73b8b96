use std::fmt;
fn ask() {
    use llm::{self as model, types::chat::*};
    let account = "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/shop/openai";
    model::Client::new();
}
