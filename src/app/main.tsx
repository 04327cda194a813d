import { signal } from "@preact/signals";
import { render } from "preact";
import { openLab } from "../../workers/open-lab.ts";
import { deviceText, type DeviceState } from "./device-text.ts";

const lab = openLab(
  new Worker(new URL("../../workers/lab.worker.ts", import.meta.url), { type: "module", name: "lab" }),
);

const device = signal<DeviceState>({ kind: "checking" });

const conditions: readonly (readonly [string, string])[] = [
  ["10 % real", "a small set of real training images: the starting point"],
  ["+ generated", "the same set, doubled with images from a diffusion model"],
  ["+ retrieved", "the same set, doubled with images looked up in the data that the diffusion model was trained on"],
  ["20 % real", "the small set, doubled with real images: what nobody has, but what both try to match"],
];

const StartPage = () => (
  <>
    <h1>Retrieve or generate?</h1>
    <p>
      A classifier needs more training images. A diffusion model can draw them. But that model learned from a large
      collection of captioned images, and one can simply look there. Which extra images help most?
    </p>
    <p>This lab finds out by running it: every image made and every classifier trained on your own machine.</p>
    <h2>What is compared</h2>
    <dl>
      {conditions.map(([name, meaning]) => (
        <>
          <dt>{name}</dt>
          <dd>{meaning}</dd>
        </>
      ))}
    </dl>
    <h2>This device</h2>
    <p class="device" role="status" data-device={device.value.kind}>
      {deviceText(device.value)}
      {device.value.kind === "software" && (
        <>
          <br />
          <small>
            If this machine has a graphics processor, look at <code>chrome://gpu</code> for why it is not used.
          </small>
        </>
      )}
    </p>
    <h2>Run it</h2>
    <p>
      <code>npm run demo</code> in a checkout of this project runs the whole comparison and writes a report.
    </p>
  </>
);

const page = document.getElementById("page");
if (page) render(<StartPage />, page);
device.value = await lab.checkDevice();
