namespace OpenAI.Own { namespace Deep { public class Thing { } } }
