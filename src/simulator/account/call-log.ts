/** What CloudTrail would show: every call that reached the account, with bounded memory. */
import { LIMITS } from "../../model/limits.ts";
import type { Call } from "../faults/interceptors.ts";
import type { ServiceName } from "../services.ts";

/** Who calls, as CloudTrail would know it. */
export interface Caller {
  readonly accessKeyId?: string;
  readonly userAgent?: string;
  /** IP address; the account's own host where it is not given. */
  readonly sourceAddress?: string;
}

interface RecordedCall extends Caller {
  readonly service: ServiceName;
  readonly operation: string;
  readonly mutating: boolean;
  readonly atMs: number;
  readonly requestId: string;
  readonly input: object;
  readonly errorCode?: string;
}

export interface CallLog {
  add(call: Call, caller: Caller, errorCode: string | undefined): void;
  /** The latest calls, oldest first; the counts go on counting all. */
  list(): readonly RecordedCall[];
  /** Calls so far by `service:Operation`, failed ones included. */
  counts(): Readonly<Record<string, number>>;
  /** Calls so far that asked for a change. */
  mutating(): number;
  total(): number;
}

export function buildCallLog(): CallLog {
  const kept: RecordedCall[] = [];
  const counts = new Map<string, number>();
  let mutating = 0;
  let total = 0;
  return {
    add: (call, caller, errorCode) => {
      const key = `${call.service}:${call.operation}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      total += 1;
      if (call.mutating) mutating += 1;
      kept.push({
        service: call.service,
        operation: call.operation,
        mutating: call.mutating,
        atMs: call.atMs,
        requestId: call.requestId,
        input: call.input,
        ...(errorCode !== undefined && { errorCode }),
        ...(caller.accessKeyId !== undefined && { accessKeyId: caller.accessKeyId }),
        ...(caller.userAgent !== undefined && { userAgent: caller.userAgent }),
      });
      // In halves, so that dropping the oldest does not move the whole list at every call.
      if (kept.length >= 2 * LIMITS.simulatorCalls) kept.splice(0, LIMITS.simulatorCalls);
    },
    list: () => kept.slice(-LIMITS.simulatorCalls),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    mutating: () => mutating,
    total: () => total,
  };
}
