/** What can be done to the events of the simulated account, to who its callers are, and to its other users. */
import type { EventTrouble, QueueTrouble, TroubleChange } from "../account/troubles.ts";
import type { Account } from "../account.ts";
import type { ControlAction } from "./control-action.ts";
import {
  ControlError,
  type ControlInput,
  number,
  onlyFields,
  optionalNumber,
  optionalStructure,
  optionalTexts,
  text,
} from "./control-input.ts";

const DAY_SECONDS = 86_400;

export const EVENT_ACTIONS: Readonly<Record<string, ControlAction>> = {
  troubles: {
    method: "POST",
    what: "Sets how events come from the services themselves and from CloudTrail: delaySeconds ([least, most]), lossRate, duplicateRate, lateRate with lateSeconds; of queues duplicateRate and disorderRate; and lookupDelaySeconds of CloudTrail's history. What is left out stays as it is; the answer says how it is now.",
    example: {
      cloudtrail: { delaySeconds: [5, 300], lossRate: 0.01, duplicateRate: 0.01, lateRate: 0.05 },
      service: { delaySeconds: [1, 5] },
      queue: { disorderRate: 0.1 },
      lookupDelaySeconds: [60, 900],
    },
    run: (account, input) => {
      refused(() => account.setTroubles(troublesOf(input)));
      return shown(account);
    },
  },
  principal: {
    method: "POST",
    what: "Says whose an access key is: the ARN of a user, of a session of a role, or of the root. Each other key is of a user who is called as the key is.",
    example: { accessKeyId: "AKIAADA", arn: "arn:aws:sts::123456789012:assumed-role/Admin/ada@example.com" },
    run: (account, input) => {
      onlyFields(input, "accessKeyId", "arn");
      refused(() => account.setPrincipal(text(input, "accessKeyId"), text(input, "arn")));
      return { done: true };
    },
  },
  others: {
    method: "POST",
    what: "Lets other users of the account call operations in turn, so many a second over all, and take their share of the rate limits; 0 calls end it. The answer says how many of their calls there were so far, and how many were throttled.",
    example: { callsPerSecond: 3, operations: ["elasticloadbalancing:DescribeLoadBalancers"] },
    run: (account, input) => {
      onlyFields(input, "callsPerSecond", "operations");
      const callsPerSecond = number(input, "callsPerSecond", 0, 1_000);
      const operations = optionalTexts(input, "operations") ?? [];
      refused(() => account.others.set(callsPerSecond === 0 ? undefined : { callsPerSecond, operations }));
      return account.others.counts();
    },
  },
};

/** @throws ControlError for what the account says is out of its range */
function refused(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof RangeError) throw new ControlError(error.message);
    throw error;
  }
}

function troublesOf(input: ControlInput): TroubleChange {
  onlyFields(input, "service", "cloudtrail", "queue", "lookupDelaySeconds");
  const service = optionalStructure(input, "service");
  const cloudtrail = optionalStructure(input, "cloudtrail");
  const queue = optionalStructure(input, "queue");
  const lookupDelay = rangeMs(input, "lookupDelaySeconds");
  return {
    ...(service !== undefined && { service: eventTrouble(service) }),
    ...(cloudtrail !== undefined && { cloudtrail: eventTrouble(cloudtrail) }),
    ...(queue !== undefined && { queue: queueTrouble(queue) }),
    ...(lookupDelay !== undefined && { lookupDelay }),
  };
}

function eventTrouble(input: ControlInput): Partial<EventTrouble> {
  onlyFields(input, "delaySeconds", "lossRate", "duplicateRate", "lateRate", "lateSeconds");
  const delay = rangeMs(input, "delaySeconds");
  const late = rangeMs(input, "lateSeconds");
  return {
    ...(delay !== undefined && { delay }),
    ...(late !== undefined && { late }),
    ...shares(input, "lossRate", "duplicateRate", "lateRate"),
  };
}

function queueTrouble(input: ControlInput): Partial<QueueTrouble> {
  onlyFields(input, "duplicateRate", "disorderRate");
  return shares(input, "duplicateRate", "disorderRate");
}

function shares<Name extends string>(input: ControlInput, ...names: Name[]): { [Key in Name]?: number } {
  const given = names.map((name) => [name, optionalNumber(input, name, 0, 1)] as const);
  return Object.fromEntries(given.filter(([, share]) => share !== undefined)) as { [Key in Name]?: number };
}

function rangeMs(input: ControlInput, name: string): readonly [number, number] | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  const [least, most, ...others] = Array.isArray(value) ? (value as unknown[]) : [];
  const isRange = typeof least === "number" && typeof most === "number" && others.length === 0;
  if (isRange && least >= 0 && most >= least && most <= DAY_SECONDS) return [least * 1_000, most * 1_000];
  throw new ControlError(
    `'${name}' is ${JSON.stringify(value)}: it must be [least, most] in seconds, up to ${DAY_SECONDS}`,
  );
}

function shown({ troubles }: Account): object {
  const { service, cloudtrail, queue, lookupDelay } = troubles;
  const seconds = ([least, most]: readonly [number, number]) => [least / 1_000, most / 1_000];
  const ofEvents = ({ delay, late, ...rates }: EventTrouble) => ({
    delaySeconds: seconds(delay),
    ...rates,
    lateSeconds: seconds(late),
  });
  return {
    service: ofEvents(service),
    cloudtrail: ofEvents(cloudtrail),
    queue,
    lookupDelaySeconds: seconds(lookupDelay),
  };
}
