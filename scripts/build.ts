/** Writes build/holdfast.js, which `npm start` runs, unless it is there and made from what is here. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "build/holdfast.js";
const MADE_FROM = ["src", "scripts", "package-lock.json"];

process.chdir(join(import.meta.dirname, ".."));
const firstLine = `// Made by npm run build from ${digest()}.`;
if (!existsSync(FILE) || !readFileSync(FILE, "utf8").startsWith(firstLine)) {
  const { bundle } = await import("./bundle.ts");
  await bundle("src/main.ts", FILE, firstLine);
}

function digest(): string {
  const hash = createHash("sha256");
  for (const path of MADE_FROM.flatMap(filesOf)) hash.update(`${path}\n`).update(readFileSync(path));
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  if (path.endsWith(".json")) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
