#!/usr/bin/env -S uv run
# /// script
# requires-python = ">=3.12"
# dependencies = [
#   "requests", # "openai"
#   "litellm[proxy]>=1",
# ]
# ///
print("done")
