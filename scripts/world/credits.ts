import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { SourceReport } from "./icons.ts";

const mitText = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify,
merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished
to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * The credits of a world: who drew its icons, under which licences, what was changed, and the licence texts.
 *
 * @param root project folder
 * @returns Markdown
 */
export const writeCredits = (root: string, reports: readonly SourceReport[]): string => {
  const rows = reports.map(
    ({ source, version }) =>
      `| ${source.author} | [${source.vendor}](${source.url}) | ${source.package} ${version} | ${source.licence} |`,
  );
  const emojibase = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, "node_modules/emojibase-data/package.json"), "utf8")));
  const apache = readFileSync(join(root, "scripts/world/licences/Apache-2.0.txt"), "utf8");
  return `# Credits of the mini world

Every picture of this world shows an icon drawn by one of these authors. **Changes:** each icon was drawn at a small size, scaled,
turned and moved, set on a generated background with a soft shadow, varied in contrast and brightness, and given noise.

| author | icons | package | licence |
| --- | --- | --- | --- |
${rows.join("\n")}

Labels, keywords, groups and translations: emojibase-data ${emojibase.version} by Miles Johnson (MIT), from Unicode CLDR
(Unicode License v3, https://www.unicode.org/license.txt, © 1991–present Unicode, Inc.).

None of these authors endorses this project.

## CC-BY-4.0

Creative Commons Attribution 4.0 International: https://creativecommons.org/licenses/by/4.0/legalcode

## MIT

© Microsoft Corporation (Fluent emoji); © LobeHub (packaging of fluent-3d); © Icons8 (Flat Color Icons); © Miles Johnson
(emojibase-data).

${mitText}

## Apache-2.0

${apache.trim()}
`;
};
