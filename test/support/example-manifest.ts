import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Manifest } from "../../src/model/object.ts";

/** The worked example, as a user posts it. */
export function exampleManifest(): Manifest {
  return parse(readFileSync(new URL("../../examples/web-api.yaml", import.meta.url), "utf8"));
}

/**
 * The spec of the worked example where nobody is there to approve anything: for what is not about approval. What is about
 * it takes `approval` away again, or says another one.
 */
export function unattendedSpec(): Record<string, unknown> {
  return { ...exampleManifest().spec, approval: "Never" };
}
