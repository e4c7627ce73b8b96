"""Needs openai."""
from setuptools import setup

EXTRA_REQUIRES = {"anthropic": ["vertexai>=1"]}
setup(
    name="shop",
    description="openai for all",
    keywords=["openai"],
    install_requires=[
        "cohere",  # "openai"
        "litellm"
        ">=1",
    ],
    extras_require=EXTRA_REQUIRES,
    tests_require=["openai"],
)
