/** The lab with devices that are lost, released and taken over amid a run. */
import { expose, proxy, wrap } from "comlink";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openBrowserBackend } from "../../src/backends/webgpu/request-device.ts";
import { DeviceLostError } from "../../src/errors.ts";
import { memoryMedium, type Medium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { carryErrors, packError, type PackedError } from "../../workers/error-transfer.ts";
import type { DeviceSpeed, LabApi, LabEvent, RunOutcome, RunRequest } from "../../workers/lab-api.ts";
import { Lab } from "../../workers/lab.ts";

/** A lab of its own, with the devices that it opened so far. */
const newLab = (): { readonly lab: Lab; readonly runs: Medium; readonly backends: WebGpuBackend[] } => {
  const backends: WebGpuBackend[] = [];
  const runs = memoryMedium();
  const lab = new Lab({
    checkDevice: () => Promise.resolve({ kind: "software", name: "test" }),
    openBackend: async () => {
      backends.push(await openBrowserBackend(navigator.gpu));
      return backends.at(-1)!;
    },
    store: new Store(memoryMedium()),
    runs,
  });
  return { lab, runs, backends };
};

/** What a run gave that lost its device twice, beside one that kept it. */
export interface Outlived {
  readonly losses: readonly LabEvent[];
  /** Ids that the run was opened under. */
  readonly ids: readonly string[];
  readonly opened: number;
  /** Units' bytes that are not the same in both. */
  readonly different: readonly string[];
  readonly compared: number;
  /** Whether the scores of both are equal. */
  readonly isEqual: boolean;
}

/** Loses the device when the run's first stage begins, and again amid a training. */
export const outliveLosses = async (request: RunRequest): Promise<Outlived> => {
  const whole = newLab();
  const expected = await whole.lab.run(request, () => undefined);
  const { lab, runs, backends } = newLab();
  const events: LabEvent[] = [];
  const isTime = [
    (event: LabEvent) => event.event === "stage-started",
    (event: LabEvent) => event.event === "progress" && event.stage === "train",
  ];
  const actual = await lab.run(request, (event) => {
    events.push(event);
    if (isTime[0]?.(event) !== true) return;
    isTime.shift();
    backends.at(-1)!.device.destroy();
  });
  const [before, after] = [await unitBytes(whole.runs), await unitBytes(runs)];
  return {
    losses: events.filter(({ event }) => event === "device-lost"),
    ids: events.flatMap((event) => (event.event === "run-opened" ? [event.id] : [])),
    opened: backends.length,
    different: [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)),
    compared: before.size,
    isEqual: JSON.stringify(scoresOf(expected)) === JSON.stringify(scoresOf(actual)),
  };
};

const scoresOf = (outcome: RunOutcome): unknown =>
  outcome.state === "done" ? [outcome.results.conditions, outcome.results.audit] : outcome.state;

/** The bytes of each unit as text, by the path in its run's folder. */
const unitBytes = async (runs: Medium): Promise<ReadonlyMap<string, string>> => {
  const keys = (await runs.keys("runs")).filter((key) => key.endsWith(".bin"));
  const read = async (key: string): Promise<[string, string]> => [
    key.split("/").slice(2).join("/"),
    String(await runs.read(key)),
  ];
  return new Map(await Promise.all(keys.map(read)));
};

/** A run that loads the networks and computes nothing with them. */
const quick = ({ spec, files }: RunRequest): RunRequest => ({
  spec: { ...(spec as object), conditions: ["real-10"] },
  files,
  until: "sets",
});

/** What became of a run whose device was lost again and again, and of the lab afterwards. */
export interface Loss {
  readonly error: PackedError | null;
  readonly isDeviceLost: boolean;
  readonly losses: readonly LabEvent[];
  /** Devices opened by the run and by the next one. */
  readonly opened: number;
  /** How the next run ended. */
  readonly next: string;
}

/** Loses each device as soon as a stage begins on it; then runs what needs no device but to be opened. Over a Comlink connection. */
export const loseAlways = async (request: RunRequest): Promise<Loss> => {
  const { lab, backends } = newLab();
  carryErrors();
  const { port1, port2 } = new MessageChannel();
  expose(lab, port1);
  const remote = wrap<LabApi>(port2);

  const losses: LabEvent[] = [];
  const lose = (event: LabEvent): void => {
    if (event.event === "stage-started") backends.at(-1)!.device.destroy();
    if (event.event === "device-lost") losses.push(event);
  };
  const error: unknown = await remote.run(request, proxy(lose)).then(
    () => null,
    (reason: unknown) => reason,
  );
  const outcome = await remote.run(
    quick(request),
    proxy(() => undefined),
  );
  return {
    error: error === null ? null : packError(error),
    isDeviceLost: error instanceof DeviceLostError,
    losses,
    opened: backends.length,
    next: outcome.state,
  };
};

/** What two labs saw of each other. */
export interface Shared {
  /** Of the lab with the run, and of the other one, while the run goes on. */
  readonly busyDuring: readonly boolean[];
  readonly taken: RunOutcome;
  /** Of both, once the turn was taken over. */
  readonly busyAfter: readonly boolean[];
  /** How the other lab's own run ended, which waited for its turn and was to stop early. */
  readonly own: RunOutcome;
  readonly released: string;
  readonly openedAfterRelease: number;
  readonly speed: DeviceSpeed;
  readonly measuredAmid: PackedError | null;
}

/** One lab runs; another one asks for its turn, runs, releases its device and measures its speed. */
export const shareGpu = async (request: RunRequest): Promise<Shared> => {
  const [first, second] = [newLab(), newLab()];
  let busyDuring: Promise<readonly boolean[]> | undefined;
  let measuredAmid: Promise<PackedError | null> | undefined;
  let own: Promise<RunOutcome> | undefined;
  const taken = await first.lab.run(request, ({ event }) => {
    if (event !== "unit-finished" || busyDuring) return;
    busyDuring = Promise.all([first.lab.busyElsewhere(), second.lab.busyElsewhere()]);
    measuredAmid = first.lab.measureSpeed().then(() => null, packError);
    own = second.lab.run(quick(request), () => undefined);
    void second.lab.takeOver();
  });
  const ownOutcome = await own!;
  const busyAfter = await Promise.all([first.lab.busyElsewhere(), second.lab.busyElsewhere()]);
  await second.lab.release();
  const { reason } = await second.backends[0]!.device.lost;
  const speed = await second.lab.measureSpeed();
  return {
    ...{ busyDuring: await busyDuring!, taken, busyAfter, own: ownOutcome, speed },
    released: reason,
    openedAfterRelease: second.backends.length,
    measuredAmid: await measuredAmid!,
  };
};
