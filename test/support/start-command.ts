/** What `npm start` gives Node, so that a process that is tested or measured is like the one that users run. */
import { readFileSync } from "node:fs";

export interface StartCommand {
  readonly environment: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly options: readonly string[];
  readonly script: string;
}

/** From package.json: `NAME=value node --option build/holdfast.js`. Paths are relative to the root of the repository. */
export function startCommand(): StartCommand {
  const words = scriptNamed("start");
  const node = words.indexOf("node");
  const environment = words.slice(0, node).map((word) => word.split("=", 2) as [string, string]);
  return {
    environment: Object.fromEntries(environment),
    options: words.slice(node + 1, -1),
    script: words.at(-1) ?? "",
  };
}

/** What npm runs before it: the script alone, without options. */
export function buildCommand(): string {
  return scriptNamed("prestart").at(-1) ?? "";
}

function scriptNamed(name: string): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (scripts[name] as string).split(" ");
}
