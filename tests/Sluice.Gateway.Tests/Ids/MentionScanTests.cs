using System.Text;
using Sluice.Gateway.Ids;

namespace Sluice.Gateway.Tests.Ids;

public sealed class MentionScanTests
{
    [Theory]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}""", "file_id=file-1!")]
    [InlineData("""{"input":[{"type":"message","content":[{"file\u005fid":"file-1","type":"input_image"}]}]}""", "file_id=file-1!")]
    [InlineData(
        """{"tools":[{"type":"file_search","vector_store_ids":["vs_1","vs_2"]}]}""",
        "vector_store_ids=vs_1!,vector_store_ids=vs_2!"
    )]
    [InlineData("""{"tools":[{"type":"code_interpreter","container":"cntr_1"}]}""", "container=cntr_1!")]
    [InlineData("""{"tools":[{"container":{"type":"auto","file_ids":["file-1"]}}]}""", "file_ids=file-1!")]
    [InlineData("""{"prompt":{"id":"pmpt_1","variables":{"x":{"type":"input_file","file_id":"file-1"}}}}""", "file_id=file-1!")]
    [InlineData("""{"input":[{"type":"code_interpreter_call","id":"ci_1","container_id":"cntr_1"}]}""", "container_id=cntr_1!")]
    [InlineData(
        """{"conversation":{"id":"conv_1"},"previous_response_id":"resp_1"}""",
        "conversation.id=conv_1!,previous_response_id=resp_1"
    )]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""", "file_id=file-1!")]
    [InlineData("""{"audio":{"voice":"alloy"},"messages":[{"role":"assistant","audio":{"id":"audio_1"}}]}""", "audio.id=audio_1!")]
    [InlineData("""{"messages":[{"content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]}""", "file_id=file_1!")]
    [InlineData(
        """{"container":{"id":"container_1","skills":[{"type":"custom","skill_id":"skill_1"}]}}""",
        "container.id=container_1!,skill_id=skill_1"
    )]
    [InlineData(
        """{"cachedContent":"cachedContents/1","contents":[{"parts":[{"fileData":{"fileUri":"https://host/f.pdf"}}]}]}""",
        "cachedContent=cachedContents/1!,fileUri=https://host/f.pdf"
    )]
    [InlineData(
        """{"contents":[{"parts":[{"file_data":{"file_uri":"https://generativelanguage.googleapis.com/v1beta/files/1"}}]}]}""",
        "file_uri=https://generativelanguage.googleapis.com/v1beta/files/1!"
    )]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t_1","input":{"file_id":"file-1"}}]}]}""", "")]
    [InlineData(
        """{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"arguments":"{\"file_id\":\"file-1\"}"}}]},{"role":"tool","tool_call_id":"c","content":"file-1"}]}""",
        "tool_call_id=c"
    )]
    [InlineData(
        """{"contents":[{"parts":[{"functionCall":{"args":{"file_id":"1"}}},{"functionResponse":{"response":{"file_id":"1"}}}]}]}""",
        ""
    )]
    [InlineData(
        """{"input":[{"type":"message","id":"msg_1","content":[{"annotations":[{"type":"file_citation","file_id":"file-1"}],"text":"file-1"}]}]}""",
        ""
    )]
    [InlineData(
        """{"messages":[{"content":[{"content":[{"file_id":"file_1","type":"bash_code_execution_output"},{"type":"x","file_id":"file_2"}]}]}]}""",
        "file_id=file_2!"
    )]
    [InlineData("""{"metadata":{"file_id":"file-1"},"a":[{"file_id":"file-1"},"no"]}""", "file_id=file-1!")]
    public void Mentions_AreThoseThatAProviderFollows(string body, string expected) =>
        string.Join(
                ',',
                MentionScan
                    .Of(Encoding.UTF8.GetBytes(body))
                    .Select(m => $"{m.Member}={Encoding.UTF8.GetString(m.Value.Span)}{(m.Held ? "!" : "")}")
            )
            .ShouldBe(expected);

    [Theory]
    [InlineData("""{"output":[{"type":"code_interpreter_call","container_id":"cntr_1"}]}""", "cntr_1")]
    [InlineData("""{"type":"message_delta","delta":{"container":{"id":"container_1","expires_at":"x"}}}""", "container_1")]
    [InlineData("""{"choices":[{"delta":{"audio":{"id":"audio_1"}}}]}""", "audio_1")]
    [InlineData("""{"content_block":{"content":{"content":[{"type":"bash_code_execution_output","file_id":"file_1"}]}}}""", "file_1 lasts")]
    [InlineData("""{"annotation":{"type":"container_file_citation","container_id":"cntr_1","file_id":"cfile_1"}}""", "cntr_1,cfile_1")]
    [InlineData("""{"annotation":{"type":"file_citation","file_id":"file-1"}}""", "")]
    [InlineData(
        """{"content":[{"type":"tool_use","input":{"container":{"id":"c"},"x":{"type":"code_execution_output","file_id":"f"}}}]}""",
        ""
    )]
    [InlineData("""{"content":"the \"container\" and \"file_id\""}""", "")]
    [InlineData("""{"container_id":""", "")]
    public void AnswerThings_AreThoseThatTheAnswerMade(string json, string expected) =>
        string.Join(',', AnswerThings.Read(Encoding.UTF8.GetBytes(json)).Select(t => t.Lasts ? $"{t.Id} lasts" : t.Id)).ShouldBe(expected);
}
