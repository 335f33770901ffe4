/**
 * Where misbehaviour enters the simulated account. An interceptor sees every call twice and may make AWS
 * misbehave in each way that a client can meet; the account itself never fails without a reason of AWS's own.
 */
import type { ServiceName } from "../services.ts";

/** One call as it reaches the account. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  readonly requestId: string;
  readonly mutating: boolean;
  readonly atMs: number;
}

/**
 * What the caller meets instead of the answer.
 * - `error`: an AWS error answer: throttled, refused, internal failure, expired token, …
 * - `lost`: the connection ends, `afterMs` after the call reached this point, without an answer.
 * - `damaged`: HTTP 200 with a body that is empty, cut in the middle, or not the protocol's language.
 * - `slow`: the right thing happens, `ms` later.
 * - `output`: another output: a stale one, a page missing, lists emptied.
 * - `ineffective`, before the effect only: the call is answered as if it had been done, and is not: neither as a
 *   whole, or without the members named (`Attributes/<key>`, `Tags/<key>` of a list of pairs).
 */
export type Fault =
  | { kind: "error"; code: string; message: string; status?: number }
  | { kind: "lost"; afterMs: number }
  | { kind: "damaged"; body: "empty" | "truncated" | "garbage" }
  | { kind: "slow"; ms: number }
  | { kind: "output"; output: object }
  | { kind: "ineffective"; members?: readonly string[] };

/** Both methods may answer `undefined` for "let it be". */
export interface Interceptor {
  /** Before the effect: the effect does not happen, unless the fault is `slow`. */
  before?(call: Call): Fault | undefined;
  /** After the effect, or the error that AWS itself answers: what has been done stays done. */
  after?(call: Call, output: object): Fault | undefined;
}

/** The connection ended without an answer: whether there was an effect is not to be known. */
export class AnswerLost extends Error {
  constructor() {
    super("the connection ended without an answer");
    this.name = "AnswerLost";
  }
}

/** An answer arrived that cannot be read. `output` is what it should have been. */
export class AnswerDamaged extends Error {
  readonly body: "empty" | "truncated" | "garbage";
  readonly output: object;

  constructor(body: "empty" | "truncated" | "garbage", output: object) {
    super(`the answer's body is ${body}`);
    this.name = "AnswerDamaged";
    this.body = body;
    this.output = output;
  }
}

/** Asks each in turn; the first fault wins. */
export function interceptors(all: readonly Interceptor[]): Interceptor {
  return {
    before: (call) => firstOf(all, (one) => one.before?.(call)),
    after: (call, output) => firstOf(all, (one) => one.after?.(call, output)),
  };
}

function firstOf(
  all: readonly Interceptor[],
  ask: (one: Interceptor) => Fault | undefined,
): Fault | undefined {
  for (const one of all) {
    const fault = ask(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
