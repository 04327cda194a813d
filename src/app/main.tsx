import { render } from "preact";
import { App } from "./app.tsx";
import { offerAutomation } from "./automation.ts";
import { watchRunEnds } from "./ended-title.ts";
import { suspendWhenFrozen } from "./frozen-tab.ts";
import { isRunGoing, job } from "./job.ts";
import { listenForKeys } from "./keys.ts";
import { followTheme } from "./settings.ts";
import { keepForOffline } from "./offline.ts";
import { followOtherTabs } from "./remembered.ts";
import { open, readLocation } from "./state.ts";

followTheme();
followOtherTabs();
// The first place that is drawn is where the link leads.
readLocation();
const page = document.getElementById("page");
if (page) render(<App />, page);
listenForKeys();
watchRunEnds(job, isRunGoing);
suspendWhenFrozen();
offerAutomation();
await open();
await keepForOffline();
