/** A package of icons by one vendor, and how to read it. */
export interface IconSource {
  readonly vendor: string;
  readonly package: string;
  /** `iconify`: SVG bodies in icons.json; `files`: one WebP a code point. */
  readonly format: "iconify" | "files";
  /** Target vendors draw the labelled dataset, pool vendors only the pool. */
  readonly role: "target" | "pool";
  readonly author: string;
  /** SPDX identifier of the artwork's licence. */
  readonly licence: "Apache-2.0" | "CC-BY-4.0" | "MIT";
  readonly url: string;
  /** Words that captions use for this vendor's style. */
  readonly style: readonly string[];
  /** Icons that are not emoji are kept under their own names. */
  readonly keepsUnmapped?: boolean;
  /** Drawings of one concept differ (`dancer-1`, `dancer-2`), so all of them are kept. */
  readonly keepsDoubles?: boolean;
}

/** The icon packages of the world, target vendors first. Exact versions are in package.json. */
export const iconSources: readonly IconSource[] = [
  {
    vendor: "noto",
    package: "@iconify-json/noto",
    format: "iconify",
    role: "target",
    author: "Google Inc.",
    licence: "Apache-2.0",
    url: "https://github.com/googlefonts/noto-emoji",
    style: ["colorful", "cartoon", "detailed"],
  },
  {
    vendor: "noto-v1",
    package: "@iconify-json/noto-v1",
    format: "iconify",
    role: "target",
    author: "Google Inc.",
    licence: "Apache-2.0",
    url: "https://github.com/googlefonts/noto-emoji",
    style: ["retro", "classic", "cartoon"],
  },
  {
    vendor: "twemoji",
    package: "@iconify-json/twemoji",
    format: "iconify",
    role: "target",
    author: "Twitter, Inc. and other contributors",
    licence: "CC-BY-4.0",
    url: "https://github.com/jdecked/twemoji",
    style: ["flat", "bold", "bright"],
  },
  {
    vendor: "emojione",
    package: "@iconify-json/emojione",
    format: "iconify",
    role: "target",
    author: "EmojiOne 2 / EmojiTwo",
    licence: "CC-BY-4.0",
    url: "https://github.com/EmojiTwo/emojitwo",
    style: ["cartoon", "smooth", "rounded"],
  },
  {
    vendor: "fluent-flat",
    package: "@iconify-json/fluent-emoji-flat",
    format: "iconify",
    role: "pool",
    author: "Microsoft Corporation",
    licence: "MIT",
    url: "https://github.com/microsoft/fluentui-emoji",
    style: ["flat", "simple", "modern", "clean"],
  },
  {
    vendor: "fluent-3d",
    package: "@lobehub/fluent-emoji-3d",
    format: "files",
    role: "pool",
    author: "Microsoft Corporation; packaged by LobeHub",
    licence: "MIT",
    url: "https://github.com/lobehub/fluent-emoji",
    style: ["glossy 3d", "shiny", "rendered", "3d"],
  },
  {
    vendor: "fxemoji",
    package: "@iconify-json/fxemoji",
    format: "iconify",
    role: "pool",
    author: "Mozilla Foundation",
    // The package's metadata says Apache; that is the licence of the code, the artwork is CC-BY-4.0.
    licence: "CC-BY-4.0",
    url: "https://github.com/mozilla/fxemoji",
    style: ["soft", "friendly", "cartoon"],
  },
  {
    vendor: "streamline",
    package: "@iconify-json/streamline-emojis",
    format: "iconify",
    role: "pool",
    author: "Streamline",
    licence: "CC-BY-4.0",
    url: "https://github.com/webalys-hq/streamline-vectors",
    style: ["outlined", "line art", "hand drawn"],
    keepsDoubles: true,
  },
  {
    vendor: "flat-color-icons",
    package: "@iconify-json/flat-color-icons",
    format: "iconify",
    role: "pool",
    author: "Icons8",
    licence: "MIT",
    url: "https://github.com/icons8/flat-color-icons",
    style: ["flat color", "minimal", "simple"],
    keepsUnmapped: true,
  },
];
