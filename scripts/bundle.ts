/** The program as one file, with what it uses of its libraries alone: docs/adr/0024. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";
import { OPERATIONS } from "../src/aws/operations.ts";
import type { Clock } from "../src/ports.ts";
import { seededRng } from "../src/runtime/seeded-rng.ts";
import { buildAccount } from "../src/simulator/account.ts";
import { WIRE_SERVICES } from "../src/simulator/wire/schemas.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Machine code stays in its own file. */
const NATIVE = ["better-sqlite3"];

/** Nothing happens while it is looked at. */
const STILL: Clock = { nowMs: () => 0, schedule: () => () => undefined };

/**
 * Writes `file`, and its source map beside it, from what `entry` imports. Both are paths from the root.
 * @param firstLine what the file begins with: a comment
 */
export async function bundle(entry: string, file: string, firstLine = ""): Promise<void> {
  const build = await rolldown({
    input: join(ROOT, entry),
    cwd: ROOT,
    platform: "node",
    external: NATIVE,
    // The SDK's modules say that they may be left out; its CommonJS is one file.
    resolve: { mainFields: ["module", "main"], conditionNames: ["node", "import"] },
    plugins: [usedOfClients(), ownPlaces(file)],
    onLog: (level, log) => {
      if (level !== "debug" && level !== "info") throw new Error(log.message);
    },
  });
  const { output } = await build.generate({
    dir: dirname(join(ROOT, file)),
    entryFileNames: basename(file),
    format: "esm",
    codeSplitting: false,
    banner: firstLine,
    // With one other character, V8 holds the whole text with two bytes for each.
    charset: "ascii",
    comments: { legal: true, annotation: false, jsdoc: false },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
  const [{ code, map }] = output;
  replace(join(ROOT, `${file}.map`), map?.toString() ?? "");
  replace(join(ROOT, file), code);
}

/** At once: what reads it meanwhile, or writes it too, never has half of it. */
function replace(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** Of each SDK client, what the daemon calls and what the simulated account speaks: `import * as` would keep it whole. */
function usedOfClients(): Plugin {
  const mark = "\0used-of:";
  const called = new Set(Object.keys(OPERATIONS).map((operation) => `${operation.split(":")[1]}Command`));
  const account = buildAccount({ clock: STILL, rng: seededRng(0) });
  const isModelled = (operation: string) => WIRE_SERVICES.some(({ name }) => account.has(name, operation));
  const isUsed = ([name, value]: [string, unknown]) => {
    // A schema is a tuple: src/simulator/wire/schemas.ts.
    if (Array.isArray(value)) return value[0] === -3 || (value[0] === 9 && isModelled(value[2]));
    return called.has(name) || /^[A-Z]\w*Client$/.test(name);
  };
  return {
    name: "used-of-clients",
    resolveId(id, importer) {
      const isClient = id.startsWith("@aws-sdk/client-") && importer !== undefined && isOurs(importer);
      return isClient ? { id: mark + id, moduleSideEffects: false } : undefined;
    },
    async load(id) {
      if (!id.startsWith(mark)) return undefined;
      const client = id.slice(mark.length);
      const used = Object.entries(await import(client)).filter(isUsed);
      return `export { ${used.map(([name]) => name).join(", ")} } from ${JSON.stringify(client)};`;
    },
  };
}

/** Our modules read files beside themselves, and load with `require`: they do so from where they stood. */
function ownPlaces(file: string): Plugin {
  return {
    name: "own-places",
    transform(code, id) {
      if (!isOurs(id) || !code.includes("import.meta.url")) return undefined;
      const path = relative(dirname(join(ROOT, file)), id);
      return {
        code: code
          .replace(/^const require = createRequire\(import\.meta\.url\);$/m, "")
          .replaceAll("import.meta.url", `new URL(${JSON.stringify(path)}, import.meta.url).href`),
        map: null,
      };
    },
  };
}

function isOurs(id: string): boolean {
  return id.startsWith(ROOT) && !id.startsWith(join(ROOT, "node_modules"));
}
