pub struct Client;
use anthropic::Own;
