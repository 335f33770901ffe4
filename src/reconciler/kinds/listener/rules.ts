import { ELB_API, type SpecRule } from "../spec-rule.ts";
import type { ListenerSpec } from "./schema.ts";

const CREATE = `${ELB_API}/API_CreateListener.html` as const;

export const listenerRules: readonly SpecRule<ListenerSpec>[] = [
  {
    at: "certificates",
    must: "be given with `protocol` HTTPS",
    when: ({ protocol, certificates }) => protocol === "HTTPS" && certificates === undefined,
    says: "is required for HTTPS: the ARN of at least one certificate",
    reason: "FieldValueRequired",
    source: CREATE,
  },
  {
    at: "certificates",
    must: "not be given with `protocol` HTTP",
    when: ({ protocol, certificates }) => protocol === "HTTP" && certificates !== undefined,
    says: "has no place on an HTTP listener",
    source: CREATE,
  },
  {
    at: "sslPolicy",
    must: "not be given with `protocol` HTTP",
    when: ({ protocol, sslPolicy }) => protocol === "HTTP" && sslPolicy !== undefined,
    says: "has no place on an HTTP listener",
    source: CREATE,
  },
];
