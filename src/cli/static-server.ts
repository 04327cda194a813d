/** A server of scripts and folders on this machine only, for a headless page. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** What is served. */
export interface Served {
  /** Texts by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Folders by the path below which they are served, such as `/world/mini/`. */
  readonly folders: Readonly<Record<string, string>>;
}

/** A server that is listening. */
export interface StaticServer {
  /** Ends with `/`. */
  readonly url: string;
  /** Paths that it was asked for, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
};

/** @param port any free one when it is 0 or taken */
export async function serveFiles(served: Served, port: number): Promise<StaticServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    requests.push(path);
    const text = served.texts.get(path);
    if (text === undefined) sendFile(response, path, served.folders);
    else response.setHeader("Content-Type", contentTypes[extname(path)] ?? "text/html").end(text);
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", resolve);
    });
  await listen(port).catch(() => listen(0));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendFile(response: ServerResponse, path: string, folders: Served["folders"]): void {
  const found = Object.entries(folders).find(([prefix]) => path.startsWith(prefix));
  const file = found && join(found[1], normalize(`/${path.slice(found[0].length)}`));
  if (file === undefined || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("Content-Type", contentTypes[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}
