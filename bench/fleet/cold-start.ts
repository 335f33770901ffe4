/** How long it takes until many services are ready that are posted at once, against what AWS's bucket allows. */
import { coldStartFloorSeconds } from "./arithmetic.ts";
import { Fleet } from "./world.ts";

const LIMIT_MS = 3 * 3_600_000;
/** The same for every service, in the middle of what the account draws from: which draws are lucky is not the question. */
const TIMINGS = {
  instancePending: [25_000, 25_000],
  applicationBoot: [45_000, 45_000],
  statusChecks: [120_000, 120_000],
  loadBalancerProvisioning: [161_000, 161_000],
  targetRegistration: [5_000, 5_000],
} as const;

interface Start {
  readonly seconds: number;
  /** From the only, or the last, CreateLoadBalancer that AWS took until all were ready. */
  readonly afterCreationSeconds: number;
  readonly throttled: number;
  readonly refused: ReadonlyMap<string, number>;
}

export interface ColdStarts {
  readonly alone: Start;
  readonly ten: Start;
  readonly many: Start;
  readonly floorSeconds: number;
}

export const MANY = 120;
const FEW = 10;

export async function measureColdStarts(): Promise<ColdStarts> {
  const alone = await coldStart(1);
  const ten = await coldStart(FEW);
  const many = await coldStart(MANY);
  return { alone, ten, many, floorSeconds: coldStartFloorSeconds(MANY, alone.afterCreationSeconds) };
}

async function coldStart(services: number): Promise<Start> {
  const fleet = new Fleet(services, TIMINGS);
  fleet.limitRates();
  const { clock, controller } = fleet.installation;
  const beginMs = clock.nowMs();
  let createdMs = beginMs;
  fleet.onChange = ({ operation, atMs }) => {
    if (operation === "CreateLoadBalancer") createdMs = atMs;
  };
  fleet.postAll();
  await fleet.untilAllReady(LIMIT_MS);
  const start: Start = {
    seconds: fleet.secondsSince(beginMs),
    afterCreationSeconds: fleet.secondsSince(createdMs),
    throttled: fleet.ours.throttled,
    refused: fleet.refused,
  };
  await fleet.installation.waiting(controller.stop());
  return start;
}
