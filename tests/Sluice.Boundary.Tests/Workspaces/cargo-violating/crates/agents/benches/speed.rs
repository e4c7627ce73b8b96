use llm::Client;
