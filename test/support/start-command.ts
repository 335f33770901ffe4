/** What `npm start` gives Node, so that a process that is tested or measured is like the one that users run. */
import { readFileSync } from "node:fs";

export interface StartCommand {
  readonly environment: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly options: readonly string[];
  readonly script: string;
}

/** From package.json: `NAME=value node --option src/main.ts`. Paths are relative to the root of the repository. */
export function startCommand(): StartCommand {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const words = (scripts.start as string).split(" ");
  const node = words.indexOf("node");
  const environment = words.slice(0, node).map((word) => word.split("=", 2) as [string, string]);
  return {
    environment: Object.fromEntries(environment),
    options: words.slice(node + 1, -1),
    script: words.at(-1) ?? "",
  };
}
