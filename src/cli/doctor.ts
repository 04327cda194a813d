import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { arch, availableParallelism, freemem, platform, totalmem } from "node:os";
import { limitsOf } from "../backends/webgpu/request-device.ts";
import { AdapterError } from "../errors.ts";
import { flagsText, readFlags } from "./arguments.ts";
import { openNodeDevice } from "./node-device.ts";

const flags = {
  json: { type: "boolean", help: "print JSON" },
  adapter: { type: "string", help: "part of an adapter's name, such as llvmpipe or swiftshader" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/**
 * `rog doctor`: what this machine offers the lab.
 *
 * @param args after the verb
 * @returns 0, or 4 when there is no usable device
 */
export const run = async (args: readonly string[]): Promise<number> => {
  const given = readFlags("doctor", args, flags);
  if (given.help) {
    process.stdout.write(`rog doctor: what this machine offers the lab\n\n${flagsText(flags)}`);
    return 0;
  }
  const report = { ...(await describeAdapter(given.adapter)), ...(await describeMachine()) };
  process.stdout.write(given.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.adapter === null ? 4 : 0;
};

const shownLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupStorageSize",
];

const describeAdapter = async (name: string | undefined) => {
  try {
    const { device, adapter } = await openNodeDevice({ adapter: name });
    const { vendor, architecture, device: deviceName, description } = adapter.info;
    const described = {
      adapter: { vendor, architecture, device: deviceName, description },
      software: /llvmpipe|swiftshader|basic render/i.test([deviceName, description].join(" ")),
      features: [...adapter.features].sort(),
      limits: limitsOf(adapter),
    };
    device.destroy();
    return described;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { adapter: null, problem: error.message };
  }
};

const describeMachine = async () => {
  const chromium = process.env["ROG_CHROMIUM"];
  const disk = await statfs(process.cwd());
  return {
    driverFiles: process.env["VK_DRIVER_FILES"] ?? null,
    chromium: chromium !== undefined && existsSync(chromium) ? chromium : null,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    freeDiskBytes: disk.bavail * disk.bsize,
    cores: availableParallelism(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
};

type Report = Awaited<ReturnType<typeof describeAdapter>> & Awaited<ReturnType<typeof describeMachine>>;

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const reportText = (report: Report): string => {
  const lines = [
    ...adapterLines(report),
    `driver    ${report.driverFiles ?? "the Vulkan loader's own choice"}`,
    `browser   ${report.chromium ?? "none found"}`,
    `memory    ${gibibytes(report.memoryBytes)}, ${gibibytes(report.freeMemoryBytes)} free`,
    `disk      ${gibibytes(report.freeDiskBytes)} free`,
    `machine   ${report.system}, ${report.cores} cores, Node ${report.node}`,
  ];
  return `${lines.join("\n")}\n`;
};

const adapterLines = (report: Report): string[] => {
  if (report.adapter === null) return [`adapter   none: ${report.problem}`];
  const { description, device, vendor } = report.adapter;
  return [
    `adapter   ${description || device} (${vendor})${report.software ? ": software, so expect minutes where a GPU takes seconds" : ""}`,
    `features  ${report.features.join(" ")}`,
    ...shownLimits.map((name) => `limit     ${name} ${report.limits[name] ?? "unknown"}`),
  ];
};
