use async_anthropic::Client;

pub fn review(client: &Client, change: &str) -> String {
    format!("{change}: {}", client.models())
}
