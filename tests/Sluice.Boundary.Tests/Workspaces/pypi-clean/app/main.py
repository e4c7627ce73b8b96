# import anthropic
import openai
import openai.sub
import groq
import tiktoken
from anthropic import NAME
from .cohere import Cohere
from .. import mistralai

text = """
import mistralai
from cohere import Client
"""
cursor.run("import ollama")
yield_from = "from ollama import x"
docs = 'https://status.api.openai.com.example/'  # https://api.openai.com
raise ValueError from cohere
InferenceClient = print


def InferenceClient(name):
    'https://api.openai.com'
    return name


def client():
    return InferenceClient("ours")
