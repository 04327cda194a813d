/**
 * The layers of the design, bottom up. A file imports from its own layer and from those below, never upward.
 * Each entry matches the files of one layer.
 */
const layers = [
  "^src/(errors|random|nearest-name|half)\\.ts$",
  "^src/graph/",
  "^(src/backends|shaders)/",
  "^src/nn/",
  "^src/(models|tokenizer|weights)/",
  "^src/(diffusion|retrieval|training|data|storage|prompts)/",
  "^src/methods/",
  "^src/experiment/",
  "^workers/",
  "^src/(app|cli)/",
];

const upward = layers.slice(0, -1).map((layer, rank) => ({
  name: `layer-${rank}-imports-nothing-above`,
  comment: `Files of ${layer} import from their own layer and from the layers below it.`,
  severity: "error",
  from: { path: layer },
  to: { path: layers.slice(rank + 1) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...upward,
    {
      name: "no-cycles",
      comment: "Two files that need each other are one concept, or hide a third. Types may name each other.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "Every import leads to a file or to a package of package.json.",
      severity: "error",
      from: {},
      // A bundler's query after a package's file is not part of its name.
      to: { couldNotResolve: true, pathNot: "\\.wasm\\?url$" },
    },
    {
      name: "errors-random-and-half-import-nothing",
      severity: "error",
      from: { path: layers[0] },
      to: {},
    },
    {
      name: "node-only-at-the-edge",
      comment: "Everything else runs in a browser's worker too.",
      severity: "error",
      from: { path: "^(src|workers)/", pathNot: "^src/(cli/|storage/files\\.ts$|backends/cuda/)" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "idb-keyval-only-in-storage",
      severity: "error",
      from: { path: "^(src|workers)/", pathNot: "^src/storage/idb\\.ts$" },
      to: { path: "node_modules/idb-keyval" },
    },
    {
      name: "dawn-only-in-the-command-line",
      severity: "error",
      from: { path: "^(src|workers)/", pathNot: "^src/cli/node-device\\.ts$" },
      to: { path: "node_modules/webgpu/" },
    },
    {
      name: "shaders-only-in-the-webgpu-backend",
      severity: "error",
      from: { path: "^(src|workers)/", pathNot: "^src/backends/webgpu/" },
      to: { path: "^shaders/" },
    },
    {
      name: "the-page-asks-the-lab",
      comment:
        "src/app reaches the engine only through workers/lab-api.ts, over the connection of open-lab.ts. What reads results and specs " +
        "is pure and small, and the page's own; types weigh nothing.",
      severity: "error",
      from: { path: "^src/app/" },
      to: {
        path: "^(src|workers|shaders)/",
        pathNot:
          "^(src/app/|src/errors\\.ts$|workers/(lab-api|open-lab)\\.ts$|" +
          "src/storage/hash\\.ts$|" +
          "src/experiment/(axis|stage-names|conditions|palette|statistics|record|recorded-address|networks-hash|spec-file|demo-spec|bundle|compare)\\.ts$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "source-does-not-import-tests-or-scripts",
      severity: "error",
      from: { path: "^(src|workers)/" },
      to: { path: "^(tests|scripts)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|\\.cache|dist|tests/fixtures)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default", "types"] },
  },
};
