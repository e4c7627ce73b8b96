/// The one way to a model; the gateway is behind it.
pub trait LLMClient {
    fn ask(&self, route: &str, text: &str) -> String;
}

pub fn review(client: &dyn LLMClient, change: &str) -> String {
    client.ask("reviewer", change)
}
