/** AWS's events: the way on which the daemon hears of them, what becomes of them there, and who forges some. */
import type { Queue } from "../../../src/events/queue.ts";
import type { TroubleChange } from "../../../src/simulator/account/troubles.ts";
import type { Account } from "../../../src/simulator/account.ts";
import { callMessage } from "../../events/records.ts";
import { setUpEvents } from "../../support/account-events.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { readAccount } from "../judges/account-view.ts";
import { OWNER, ownerOf } from "../judges/remains.ts";
import type { ServiceName } from "../steps.ts";

const IN_TIME = { delay: [2_000, 20_000], lossRate: 0, duplicateRate: 0, lateRate: 0 } as const;
const UNRULY = {
  delay: [1_000, 60_000],
  lossRate: 0.2,
  duplicateRate: 0.3,
  lateRate: 0.3,
  late: [30_000, 300_000],
} as const;
const ORDERLY = { duplicateRate: 0, disorderRate: 0 };

/** How events come. */
const DELIVERIES = {
  "in time": { service: IN_TIME, cloudtrail: IN_TIME, queue: ORDERLY },
  late: {
    service: { ...IN_TIME, delay: [5_000, 60_000] },
    cloudtrail: { ...IN_TIME, delay: [60_000, 300_000] },
    queue: ORDERLY,
  },
  "lost, late, twice, in any order": {
    service: UNRULY,
    cloudtrail: UNRULY,
    queue: { duplicateRate: 0.3, disorderRate: 0.3 },
  },
  never: { service: { lossRate: 1 }, cloudtrail: { lossRate: 1 } },
} satisfies Record<string, TroubleChange>;
export type Delivery = keyof typeof DELIVERIES;
export const DELIVERY_NAMES = Object.keys(DELIVERIES) as Delivery[];

/** What somebody who may write to the queue says has been done to a target group, and has not: by which operation. */
export const FORGERIES = {
  "a deletion": "DeleteTargetGroup",
  "an edit": "ModifyTargetGroup",
  "what nobody can read": "",
} as const;
export type Forgery = keyof typeof FORGERIES;
export const FORGERY_NAMES = Object.keys(FORGERIES) as Forgery[];

/** Whom forged messages name: somebody who has never done anything. */
export const INNOCENT = "arn:aws:iam::123456789012:user/alice";

export class EventBus {
  readonly #account: Account;
  readonly #clock: VirtualClock;
  #queue: Queue | undefined;
  #delivery: { readonly how: Delivery; readonly sinceMs: number } | undefined;

  constructor(account: Account, clock: VirtualClock) {
    this.#account = account;
    this.#clock = clock;
  }

  /** Where they come to; absent in a world without events. */
  get queue(): Queue | undefined {
    return this.#queue;
  }

  /** How they come, and since when. */
  get delivery(): { readonly how: Delivery; readonly sinceMs: number } | undefined {
    return this.#delivery;
  }

  /** @returns whether the daemon has to be told of the queue first */
  async deliver(how: Delivery): Promise<boolean> {
    const isNew = this.#queue === undefined;
    this.#queue ??= await setUpEvents(this.#account, (answer) => this.#clock.resolve(answer));
    this.#account.setTroubles(DELIVERIES[how]);
    this.#delivery = { how, sinceMs: this.#clock.nowMs() };
    return isNew;
  }

  async forge(service: ServiceName, what: Forgery): Promise<void> {
    if (this.#queue === undefined) return;
    const MessageBody = this.#forged(service, what);
    const input = { QueueUrl: this.#queue.url, MessageBody };
    await this.#clock.resolve(this.#account.call("sqs", "SendMessage", input, { accessKeyId: "forger" }));
  }

  #forged(service: ServiceName, what: Forgery): string {
    if (what === "what nobody can read") return `{"detail":${"[".repeat(500)}`;
    const { targetGroups } = readAccount(this.#account);
    const { it } = targetGroups.find(({ tags }) => tags[OWNER] === ownerOf(service)) ?? {};
    const targetGroupArn = it?.TargetGroupArn ?? "";
    const change = { eventTime: `${new Date(this.#clock.nowMs()).toISOString().slice(0, 19)}Z` };
    const parameters = { targetGroupArn, ...(what === "an edit" ? { healthCheckPath: "/forged" } : {}) };
    return callMessage("elasticloadbalancing", FORGERIES[what], parameters, change);
  }
}
