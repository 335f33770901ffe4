import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Manifest } from "../../src/model/object.ts";

/** The worked example, as a user posts it. */
export function exampleManifest(): Manifest {
  return parse(readFileSync(new URL("../../examples/web-api.yaml", import.meta.url), "utf8"));
}
