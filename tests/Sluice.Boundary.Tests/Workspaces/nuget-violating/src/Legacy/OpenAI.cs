namespace OpenAI.Wrapped
{
    using Betalgo.OpenAI.Managers;

    public class OpenAIClient { }

    public class Uses
    {
        OpenAIClient own = new OpenAIClient();
        OpenAI.Wrapped.OpenAIClient same;
    }
}
