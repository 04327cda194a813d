import { render } from "preact";
import { App } from "./app.tsx";
import { offerAutomation } from "./automation.ts";
import { listenForKeys } from "./keys.ts";
import { followTheme } from "./settings.ts";
import { keepForOffline } from "./offline.ts";
import { open } from "./state.ts";

followTheme();
const page = document.getElementById("page");
if (page) render(<App />, page);
listenForKeys();
offerAutomation();
await open();
await keepForOffline();
