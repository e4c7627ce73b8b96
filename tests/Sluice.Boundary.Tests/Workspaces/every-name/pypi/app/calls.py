InferenceClient()
AsyncInferenceClient()
