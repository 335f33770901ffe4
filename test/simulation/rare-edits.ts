/** Edits that scenarios ask for, and that the seeds do not draw: what a seed tells would else be another history. */
import type { Spec } from "./specs.ts";

type Json = Record<string, unknown>;

const https = (spec: Spec) => spec.loadBalancer.listeners.find((listener) => listener.port === 443) as Json;

export const RARE_EDITS = {
  "certificates change places": (spec: Spec) => {
    https(spec).certificates = [...(https(spec).certificates as string[])].reverse();
  },
  "the second certificate alone": (spec: Spec) => {
    https(spec).certificates = (https(spec).certificates as string[]).slice(1);
  },
} satisfies Record<string, (spec: Spec) => void>;

export type RareEditName = keyof typeof RARE_EDITS;
