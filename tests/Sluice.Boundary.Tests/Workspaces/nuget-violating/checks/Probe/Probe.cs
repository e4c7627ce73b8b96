using xAI;
