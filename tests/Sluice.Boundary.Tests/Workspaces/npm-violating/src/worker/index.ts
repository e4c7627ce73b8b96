export default {
  async fetch(request: Request, env: Env) {
    await env.AI.run("@cf/meta/llama", {});
    await c.env.AI.run<Answer>("@cf/meta/llama", {});
    await this.env.AI?.run("@cf/meta/llama", {});
    await env["AI"].run("@cf/meta/llama", {});
    await env.AI!.run("@cf/meta/llama", {});
    const { AI, DB: database } = env;
    await AI.run("@cf/meta/llama", {});
    const ai = this.env.AI;
    await ai.run("@cf/meta/llama", {});
    const { AI: model } = c.env;
    return model
      .run("@cf/meta/llama", {});
  },
};
