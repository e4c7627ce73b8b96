"""import openai in a docstring says nothing, nor does https://api.openai.com."""
# import openai
import os, openai as ai, json
from google import (
    cloud,
    genai,  # the one
)
from huggingface_hub import InferenceClient, snapshot_download
from langchain_openai.chat_models import ChatOpenAI; import groq
from . import openai as own
from .anthropic import Anthropic
import openai_responses, openapi, groqq

if os.environ.get("X"): import cohere


def load():
    'import anthropic'
    import importlib
    import anthropic.types \
        as t
    mod = importlib.import_module("mistralai.client")
    other = __import__('ollama')
    return f"{__import__("replicate")!r:>{len(__import__('together').name)}} and {{import litellm}}"


class Client:
    """https://api.groq.com"""
    base: str = "https://api." "openai.com/v1"
    host = ("https://"
            f"api.anthropic.com/{os.environ['V']}")
    joined = "https://api" + ".groq.com"
    raw = r"\"https://api.x.ai"
    bytes = b'''
    https://api.mistral.ai
    '''

    def ask(self, text='import openai'):
        try:
            from openai import (OpenAI,
                                AsyncOpenAI)
        except ImportError: pass
        client = huggingface_hub.InferenceClient("x")
        InferenceClient("covered by its import")
        boto3.client("bedrock-runtime")
        return OpenAI(api_key=text)
