pub mod anthropic;
pub mod ollama_rs;
use crate::providers::anthropic::Client;
