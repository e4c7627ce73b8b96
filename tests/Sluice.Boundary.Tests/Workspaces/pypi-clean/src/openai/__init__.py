"""Our own module of that name, which shadows the package: https://api.openai.com"""
