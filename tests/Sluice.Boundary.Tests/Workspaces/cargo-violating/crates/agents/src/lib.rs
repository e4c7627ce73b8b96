#![deny(missing_docs)]
pub mod ask;
extern crate gemini as google;

use llm::Client;
pub use ::llm::types as openai_types;
use core::Thing;

#[cfg(not(test))]
use llm::config::OpenAIConfig;

#[cfg(test)]
use openai_dive::v1::api::Client as Dive;

#[cfg(all(test, feature = "live"))]
mod tests {
    use super::*;

    #[test]
    fn asks() {
        let client = openai_dive::v1::api::Client::new("key");
        let url = "https://api.openai.com/v1";
    }
}

#[cfg(any(test, feature = "testing"))]
pub fn fake() -> llm::Client<OpenAIConfig> {
    llm::Client::new()
}

#[tokio::test]
async fn streams() {
    llm::Client::new();
}

pub fn after_the_tests() -> Option<gemini::Client> {
    None
}
