import { render } from "preact";
import { App } from "./app.tsx";
import { offerAutomation } from "./automation.ts";
import { keepForOffline } from "./offline.ts";
import { open } from "./state.ts";

const page = document.getElementById("page");
if (page) render(<App />, page);
offerAutomation();
await open();
await keepForOffline();
