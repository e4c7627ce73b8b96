import Groq from "#groq";
import own from "#own/groq-sdk";
