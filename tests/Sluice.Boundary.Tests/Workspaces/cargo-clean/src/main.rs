mod genai;
mod providers;

use genai::Answer;
use openai::Client;
use groq_query::parse;
use llm::Client as Again;
use providers::ollama_rs;
use tiktoken_rs::cl100k_base;
use openapi::v3_0::Spec;

/// Like `async_openai::Client::new()`, without the SDK: https://api.openai.com/v1
fn main() {
    //! use anthropic::Client;
    let text = "use async_openai::Client;";
    let raw = r###"use anthropic::Client; "## "###;
    ollama_rs::Client::new();
    genai::ask();
    let openai = Client::new();
    openai.ask();
    let host = "https://docs.openai.com.example/";
    let connection = rusqlite::Connection::open("x.db");
    connection.run("select 1");
    let anthropic = self::providers::anthropic::Client;
    let char = '"'; /* use anthropic::Client; */
    clust::join();
}

mod clust {
    pub fn join<'a>() -> &'a str {
        "a"
    }
}
