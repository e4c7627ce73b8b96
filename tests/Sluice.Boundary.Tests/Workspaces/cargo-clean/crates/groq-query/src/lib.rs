// the query language GROQ, as in groq.dev
pub fn parse() {}
