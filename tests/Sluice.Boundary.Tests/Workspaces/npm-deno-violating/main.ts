import { OpenAI } from "model/index.mjs";
import Anthropic from "claude";
import { own } from "own";
