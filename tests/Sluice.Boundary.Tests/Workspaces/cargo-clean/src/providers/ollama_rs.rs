pub struct Client;
use super::anthropic::Client as A;
