import anthropic
import openai
import groq
import cohere
from app import openai as own
