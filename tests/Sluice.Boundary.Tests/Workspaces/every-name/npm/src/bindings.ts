env.AI.run("m");
env.AI.gateway("m");
env.ai.run("m");
AI.run("m");
