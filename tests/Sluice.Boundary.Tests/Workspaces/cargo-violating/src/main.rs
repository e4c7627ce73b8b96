use tokio as rt;
/* outer /* use async_anthropic::Nested; */ use async_anthropic::StillComment; */
use {
    std::collections::{self, HashMap},
    async_anthropic::{
        types::{CreateMessagesRequestBuilder, Message as M},
        Client,
    },
};

// use ollama_rs::Commented;
/// ```
/// use ollama_rs::DocComment;
/// ```
fn main() {
    let quote = '"'; // async_anthropic::Client
    let lifetime: &'static str = "async_anthropic::Client::default()";
    let raw = r#"use ollama_rs::Ollama; "quoted" "#;
    let bytes = br##"ollama_rs::"# "##;
    let local = ollama_rs::Ollama::default();
    let base = "https://api.anthropic.com/v1/messages";
    let escaped = '\'';
    let made = <ollama_rs::Ollama as Default>::default();
    let host = format!("http://{}:11434/api/chat", "localhost");
}
