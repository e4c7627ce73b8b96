import { Ollama } from "ollama";

export const Page = <T,>(props: { items: T[] }) => (
  <main title="don't" data-url="https://api.openai.com/v1">
    <p>It's as easy as import it from "openai" and it's done, at https://api.groq.com</p>
    {/* import "openai" */}
    {props.items.map((i) => <a key={`${i}`} onClick={async () => (await import("openai")).default}>don't</a>)}
    <br />
    <>{"https://api.anthropic.com"}</>
  </main>
);
const less = 1 < 2, more = <b>isn't</b>;
const client = new Ollama({ host: "http://localhost:11434" });
