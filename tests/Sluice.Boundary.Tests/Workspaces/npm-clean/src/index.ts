/* https://api.openai.com is only in a comment */
import createClient from "openapi-fetch";
import { own } from "openai/own";

export const openai = createClient({ baseUrl: "http://127.0.0.1:4180/v1" });
export const status = "https://status.api.openai.company.example";
