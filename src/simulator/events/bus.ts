/** The default bus: what services tell goes through its rules to their targets, when and as often as the trouble says. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { LIMITS } from "../../model/limits.ts";
import type { AccountContext } from "../account/context.ts";
import { uuidFrom } from "../account/ids.ts";
import { arrivalsOf, type Troubles } from "../account/troubles.ts";
import type { EventsPart, Parts, ServiceEvent } from "../services.ts";
import { type EventPattern, matches } from "./pattern.ts";

export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

export interface Rule {
  readonly name: string;
  readonly arn: string;
  pattern: EventPattern;
  patternText: string;
  state: RuleState;
  description: string | undefined;
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
}

export interface BusState {
  readonly context: AccountContext;
  readonly parts: Parts;
  readonly rules: Map<string, Rule>;
  readonly troubles: Troubles;
  /** Deliveries under way. */
  onTheWay: number;
}

export function busPart(state: BusState): EventsPart {
  return {
    asksFor: (kind, isRead) => rulesFor(state, kind, isRead).length > 0,
    emit: (event) => emit(state, event),
  };
}

/** Whatever the rule asks for, it gets CloudTrail's reads only in a state of its own. events/reads-on-request */
function rulesFor({ rules }: BusState, kind: ServiceEvent["kind"], isRead: boolean): Rule[] {
  const needsAll = kind === "cloudtrail" && isRead;
  return [...rules.values()].filter(
    ({ state }) =>
      state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" || (state === "ENABLED" && !needsAll),
  );
}

function emit(state: BusState, event: ServiceEvent): void {
  const rules = rulesFor(state, event.kind, event.isRead === true);
  if (rules.length === 0) return;
  const { context } = state;
  // events/envelope
  const envelope = {
    version: "0",
    id: "",
    "detail-type": event.detailType,
    source: event.source,
    account: context.accountId,
    time: secondsOf(event.atMs ?? context.clock.nowMs()),
    region: context.region,
    resources: event.resources,
    detail: event.detail(),
  };
  const meant = rules.filter(({ pattern }) => matches(pattern, envelope));
  if (meant.length === 0) return;
  // The id is the same for every rule, and for what comes twice.
  const body = JSON.stringify({ ...envelope, id: uuidFrom(context) });
  for (const rule of meant) {
    for (const target of rule.targets.values()) send(state, event, { rule, target, body });
  }
}

interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly body: string;
}

function send(state: BusState, event: ServiceEvent, { rule, target, body }: Delivery): void {
  const { clock, rng } = state.context;
  for (const delayMs of arrivalsOf(state.troubles[event.kind], rng)) {
    if (state.onTheWay >= LIMITS.simulatorEventsOnTheWay) return;
    state.onTheWay += 1;
    clock.schedule(delayMs, () => {
      state.onTheWay -= 1;
      state.parts.sqs.deliver(target.Arn ?? "", rule.arn, target.Input ?? body);
    });
  }
}

/** Without fractions, as EventBridge writes times. */
function secondsOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
