import { render } from "preact";
import { App } from "./app.tsx";
import { open } from "./state.ts";

const page = document.getElementById("page");
if (page) render(<App />, page);
await open();
