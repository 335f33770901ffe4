import { CloudError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { BucketUse, CloudSummary } from "../model/status-page.ts";
import type { Clock, Cloud, CloudForRegion, Log, OperationName, Rng, Turns } from "../ports.ts";
import { AccountBudget } from "./account-budget.ts";
import { ApiHealth } from "./api-health.ts";
import { buildClients, type Endpoint, type SdkClient } from "./clients.ts";
import { type ApiName, apiOf, timeLimitMsOf } from "./operations.ts";
import { RegionTurns } from "./region-turns.ts";
import { sdkCloud } from "./sdk-cloud.ts";
import { withCircuitBreaker } from "./with-circuit-breaker.ts";
import { withCounts } from "./with-counts.ts";
import { withLog } from "./with-log.ts";
import { withPause } from "./with-pause.ts";
import { withRateLimit } from "./with-rate-limit.ts";
import { withRetry } from "./with-retry.ts";
import { withTimeLimit } from "./with-time-limit.ts";

export interface AwsOptions extends Endpoint {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Simulated seconds for each real second; 1 with real AWS. */
  readonly timeScale?: number;
  /** Calls of Auto Scaling per second. */
  readonly autoScalingRate?: number;
  /** The most of each of AWS's buckets that routine takes. */
  readonly apiShare?: number;
  /** While it says so, no write is sent. */
  readonly isPaused?: () => boolean;
}

export interface Aws {
  readonly cloudFor: CloudForRegion;
  /** The lines for what AWS allows rarely; `undefined` where no client serves the Region. */
  turnsFor(region: string): Turns | undefined;
  /** One row for each of AWS's token buckets that was used, by Region. */
  budget(): BucketUse[];
  /** One row for each API that was called, by Region. */
  status(): CloudSummary[];
  /** Closes the connections; calls in flight fail. */
  close(): void;
}

interface RegionParts {
  readonly cloud: Cloud;
  readonly budget: AccountBudget;
  readonly turns: Turns;
  readonly clients: Record<ApiName, SdkClient>;
  readonly health: Map<ApiName, ApiHealth>;
}

/** However fast the account's clock runs, a call gets this much real time: the wire and the processor do not run faster. */
const REAL_TIME_FLOOR_MS = 2_000;

/** One AWS account through the SDK, as the daemon uses it. */
export function buildAws(options: AwsOptions): Aws {
  const regions = new Map<string, RegionParts>();
  return {
    cloudFor(region) {
      const known = regions.get(region);
      if (known !== undefined) return known.cloud;
      if (regions.size >= LIMITS.regions) return tooManyRegions(region);
      const parts = buildRegion(region, options);
      regions.set(region, parts);
      return parts.cloud;
    },
    turnsFor: (region) => regions.get(region)?.turns,
    budget() {
      return [...regions].flatMap(([region, { budget }]) => budget.use(region));
    },
    status() {
      return [...regions.values()].flatMap((parts) => [...parts.health.values()].map((api) => api.summary()));
    },
    close() {
      for (const parts of regions.values()) {
        for (const client of Object.values(parts.clients)) client.destroy();
      }
    },
  };
}

function buildRegion(region: string, options: AwsOptions): RegionParts {
  const { clock, rng, log, timeScale = 1, isPaused = () => false } = options;
  const clients = buildClients(region, options);
  const budget = new AccountBudget(options);
  const health = new Map<ApiName, ApiHealth>();
  const healthOf = (operation: OperationName) => {
    const api = apiOf(operation);
    const known = health.get(api) ?? new ApiHealth(region, api, clock, timeScale);
    health.set(api, known);
    return known;
  };
  const limitMsOf = (operation: OperationName) =>
    Math.max(timeLimitMsOf(operation), REAL_TIME_FLOOR_MS * timeScale);

  // From the wire outwards. The rate limit stands outside of the time limit, so that waiting in line is never taken
  // for an answer that did not come; the circuit stands outside of both, so that what is held back costs no token.
  let cloud = sdkCloud(clients);
  cloud = withTimeLimit(cloud, clock, limitMsOf);
  cloud = withCounts(cloud, healthOf);
  cloud = withPause(cloud, isPaused);
  cloud = withRateLimit(cloud, budget);
  cloud = withCircuitBreaker(cloud, healthOf);
  cloud = withRetry(cloud, clock, rng);
  cloud = withLog(cloud, region, clock, log);
  return { cloud, budget, turns: new RegionTurns(budget), clients, health };
}

function tooManyRegions(region: string): Cloud {
  return {
    call(operation) {
      const message = `${region} would be one Region more than the ${LIMITS.regions} that one daemon serves`;
      return Promise.reject(
        new CloudError({ operation, code: "TooManyRegions", category: "quota", message }),
      );
    },
  };
}
