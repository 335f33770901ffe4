/** The static files of the pages, served below `/status/assets/`. Read once: they are part of the program. */
import { readFileSync } from "node:fs";

const read = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url));

export const assets: Readonly<Record<string, { type: string; body: Buffer }>> = {
  "page.css": { type: "text/css; charset=utf-8", body: read("page.css") },
  "live.js": { type: "text/javascript; charset=utf-8", body: read("live.js") },
  "mark.svg": { type: "image/svg+xml", body: read("mark.svg") },
};
