/**
 * Other users of the account, who take their share of its buckets. Only that is theirs: their calls have no effect, and
 * nobody sees them but the buckets.
 */
import type { Clock, Rng } from "../../ports.ts";
import type { ServiceName } from "../services.ts";
import { AwsError } from "./aws-error.ts";
import type { Throttle } from "./throttle.ts";

export interface OtherUsersLoad {
  /** Of all of them together, in the account's time. */
  readonly callsPerSecond: number;
  /** `service:Operation`, in turn. */
  readonly operations: readonly string[];
}

export interface OtherUsers {
  /** Replaces what they do; `undefined` ends it. The counts go on. */
  set(load: OtherUsersLoad | undefined): void;
  /** Calls so far, the throttled ones included. */
  counts(): { made: number; throttled: number };
}

const MOST_PER_SECOND = 1_000;

/** @param throttle absent where the account has no rate limits */
export function buildOtherUsers(clock: Clock, rng: Rng, throttle: Throttle | undefined): OtherUsers {
  const counts = { made: 0, throttled: 0 };
  let cancel = (): void => undefined;
  const call = (name: string): void => {
    const [service, operation = ""] = name.split(":") as [ServiceName, string];
    counts.made += 1;
    try {
      throttle?.take({ service, operation, input: {} });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      counts.throttled += 1;
    }
  };
  return {
    counts: () => ({ ...counts }),
    set: (load) => {
      cancel();
      cancel = () => undefined;
      if (load === undefined) return;
      checkLoad(load);
      const { callsPerSecond, operations } = load;
      let turn = 0;
      const next = (): void => {
        // Evenly spread, and never in step with anybody.
        const gapMs = (1_000 / callsPerSecond) * (0.5 + rng.next());
        cancel = clock.schedule(gapMs, () => {
          call(operations[turn % operations.length] ?? "");
          turn += 1;
          next();
        });
      };
      next();
    },
  };
}

function checkLoad({ callsPerSecond, operations }: OtherUsersLoad): void {
  if (!(callsPerSecond > 0 && callsPerSecond <= MOST_PER_SECOND)) {
    throw new RangeError(
      `callsPerSecond is ${callsPerSecond}: it must be above 0, and at most ${MOST_PER_SECOND}`,
    );
  }
  const wrong = operations.find((name) => !/^[a-z0-9]+:[A-Z]\w+$/.test(name));
  if (operations.length === 0 || wrong !== undefined) {
    throw new RangeError(`'${wrong ?? ""}' is no operation: name them as service:Operation`);
  }
}
