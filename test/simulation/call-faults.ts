/** What can go wrong with one AWS call, and how the simulated account is made to do it. */
import type { Call, Fault } from "../../src/simulator/faults.ts";

export const WRITE_FAULTS = [
  "throttled",
  "refused",
  "failed before",
  "failed after",
  "timed out after",
  "answer lost",
  "truncated",
  "empty",
  "malformed",
  "slow",
] as const;

export const READ_FAULTS = [
  "throttled",
  "refused",
  "failed before",
  "answer lost",
  "truncated",
  "empty",
  "malformed",
  "slow",
  "stale",
  "older",
  "page missing",
  "token expired",
] as const;

export type CallFault = (typeof WRITE_FAULTS)[number] | (typeof READ_FAULTS)[number];

/** AWS's consistency is a matter of seconds; a read that lags is no older than this. */
const LAG_MS = 20_000;
const VERSIONS_KEPT = 6;
const THROTTLED = {
  ec2: "RequestLimitExceeded",
  elasticloadbalancing: "Throttling",
  autoscaling: "Throttling",
  cloudwatch: "Throttling",
  sts: "Throttling",
} as const;

/** The fault that comes before the effect, if this kind does. */
export function faultBefore(kind: CallFault, call: Call): Fault | undefined {
  switch (kind) {
    case "throttled":
      return { kind: "error", code: THROTTLED[call.service], message: "Rate exceeded" };
    case "refused":
      return {
        kind: "error",
        code: "AccessDenied",
        message: "not authorized to perform this action",
        status: 403,
      };
    case "failed before":
      return { kind: "error", code: "InternalFailure", message: "internal failure", status: 500 };
    default:
      return undefined;
  }
}

/** The fault that comes after the effect. @param versions earlier answers to the same question, newest first */
export function faultAfter(
  kind: CallFault,
  call: Call,
  output: object,
  versions: readonly Version[],
  nowMs: number,
): Fault | undefined {
  switch (kind) {
    case "failed after":
      return { kind: "error", code: "InternalFailure", message: "internal failure", status: 500 };
    case "timed out after":
      return { kind: "lost", afterMs: 30_000 };
    case "answer lost":
      return { kind: "lost", afterMs: 50 };
    case "truncated":
    case "empty":
      return { kind: "damaged", body: kind };
    case "malformed":
      return { kind: "damaged", body: "garbage" };
    case "slow":
      return { kind: "slow", ms: 25_000 };
    case "stale":
      return outputOf(versions.findLast((version) => nowMs - version.atMs <= LAG_MS));
    case "older":
      return outputOf(versions.at(-1));
    case "page missing":
      return isPaged(call) ? { kind: "output", output: halved(output, undefined) } : undefined;
    case "token expired":
      return isPaged(call) ? { kind: "output", output: halved(output, call.service) } : undefined;
    default:
      return undefined;
  }
}

export interface Version {
  readonly atMs: number;
  readonly output: object;
}

function outputOf(version: Version | undefined): Fault | undefined {
  return version === undefined ? undefined : { kind: "output", output: structuredClone(version.output) };
}

/** Earlier answers of the account, by question, so that a read can be answered with one of them. */
export class Versions {
  readonly #byQuestion = new Map<string, Version[]>();

  /** Keeps the answer, and gives those before it, newest first. */
  add(call: Call, output: object): readonly Version[] {
    const question = `${call.service}:${call.operation} ${JSON.stringify(call.input)}`;
    const versions = this.#byQuestion.get(question) ?? [];
    const earlier = [...versions];
    versions.unshift({ atMs: call.atMs, output });
    if (versions.length > VERSIONS_KEPT) versions.pop();
    this.#byQuestion.set(question, versions);
    return earlier;
  }
}

function isPaged({ input }: Call): boolean {
  return "PageSize" in input || "MaxRecords" in input || "MaxResults" in input;
}

/** The first half of the list; with a token that nobody knows, or as if that were all. */
function halved(output: object, service: string | undefined): object {
  const half = Object.fromEntries(
    Object.entries(output).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.slice(0, Math.floor(value.length / 2)) : value,
    ]),
  );
  if (service === undefined) return half;
  const member = service === "elasticloadbalancing" ? "NextMarker" : "NextToken";
  return { ...half, [member]: "a-token-that-has-expired" };
}
