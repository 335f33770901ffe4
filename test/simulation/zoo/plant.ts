/** Loads the product with one planted bug: a piece of a source file is replaced while it is loaded, and nowhere else. */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type PlantedBug, ZOO } from "./bugs.ts";

const SOURCES = new URL("../../../src/", import.meta.url);

/** @throws Error when there is no such bug, or when its place in the source is not there exactly once */
export function plantBug(name: string): void {
  const bug = ZOO.find((candidate) => candidate.name === name);
  if (bug === undefined) throw new Error(`the zoo has no ${name}`);
  const text = planted(bug);
  const home = new URL(bug.file, SOURCES).href;
  registerHooks({
    load: (url, context, nextLoad) =>
      url === home
        ? { format: "module", source: stripTypeScriptTypes(text), shortCircuit: true }
        : nextLoad(url, context),
  });
}

/** The source file with the bug in it. */
export function planted({ name, file, find, replace }: PlantedBug): string {
  const source = readFileSync(fileURLToPath(new URL(file, SOURCES)), "utf8");
  const pieces = source.split(find);
  if (pieces.length !== 2)
    throw new Error(`${name}: its place occurs ${pieces.length - 1} times in src/${file}`);
  return pieces.join(replace);
}
