import pytest
openai = pytest.importorskip("openai")
