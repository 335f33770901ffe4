/** A seed's history: what users, others, the cloud and the machine below us do to the daemon within an hour or two. */
import type { Rng } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { DELIVERY_NAMES, FORGERY_NAMES } from "./actors/event-bus.ts";
import { NEIGHBOUR_NAMES } from "./actors/neighbour.ts";
import { SABOTAGE_NAMES } from "./actors/saboteur.ts";
import { READ_FAULTS, WRITE_FAULTS } from "./call-faults.ts";
import { EDIT_NAMES } from "./specs.ts";
import { type History, SERVICES, type ServiceName, type Step } from "./steps.ts";

const PAIR = SERVICES.slice(0, 2);

const APIS = ["elasticloadbalancing", "autoscaling", "ec2", "cloudwatch"];
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const MOST_STEPS = 9;
/** AWS may once give an answer from long ago; that it insists on it would be a fault that nobody could live with. */
const REPEATABLE = READ_FAULTS.filter(
  (fault) => !["older", "page missing", "first page missing"].includes(fault),
);

type Draw = <T>(items: readonly T[]) => T;

interface Dice {
  readonly one: Draw;
  /** A whole number from 0 up to, not including, `below`. */
  readonly number: (below: number) => number;
}

function diceOf(rng: Rng): Dice {
  const number = (below: number) => Math.floor(rng.next() * below);
  return { number, one: (items) => items[number(items.length)] as (typeof items)[number] };
}

/** Half of the histories know no saboteur, so that drift can be told to be a mistake. */
export function historyOf(seed: number): History {
  const dice = diceOf(seededRng(seed ^ 0x5eed));
  const hasSaboteur = dice.number(2) === 0;
  const services: ServiceName[] = dice.number(8) === 0 ? [...PAIR] : ["web-api"];
  const steps: Step[] = [];
  const isWhole = dice.number(2) === 0;
  if (dice.number(4) === 0) steps.push({ do: "short pages", items: dice.one([1, 2, 5]) });
  if (dice.number(3) === 0) steps.push(trouble(dice, hasSaboteur));
  // A dice of its own: what a seed means is the same for all the others.
  const isAttended = diceOf(seededRng(seed ^ 0xa55e)).number(3) === 0;
  for (const service of services)
    steps.push({ do: "create", service, ...(isAttended ? { asksFirst: true } : {}) });
  if (dice.number(3) > 0) steps.push({ do: "settle", minutes: 10 });
  const count = 2 + dice.number(MOST_STEPS - 1);
  for (let made = 0; made < count; made += 1) {
    steps.push(...deed(dice, services, hasSaboteur));
    if (dice.number(2) === 0) steps.push({ do: "wait", seconds: dice.one([1, 3, 10, 40, 120, 400]) });
  }
  if (dice.number(8) === 0) steps.push({ do: "delete", service: dice.one(services) });
  const told = eventful(seed, steered(seed, steps, services, hasSaboteur), services);
  return { seed, steps: shared(seed, crowded(seed, told), isWhole), isWhole };
}

/** In some histories the daemon hears of AWS's events, which may be late, lost, doubled and forged; drawn apart, as below. */
function eventful(seed: number, steps: readonly Step[], services: readonly ServiceName[]): Step[] {
  const dice = diceOf(seededRng(seed ^ 0xe7e7));
  if (dice.number(10) > 0) return [...steps];
  const come = (): Step => ({ do: "events", come: dice.one(DELIVERY_NAMES) });
  const more = (): Step =>
    dice.number(2) === 0
      ? come()
      : { do: "forge", service: dice.one(services), what: dice.one(FORGERY_NAMES) };
  return [come(), ...steps.flatMap((step) => (dice.number(3) === 0 ? [step, more()] : [step]))];
}

/** In a few histories others use the account, too; where the daemon meets its limits bare, that is a fault like another. */
function shared(seed: number, steps: readonly Step[], isWhole: boolean): Step[] {
  const dice = diceOf(seededRng(seed ^ 0x07e5));
  if (!isWhole || dice.number(10) > 0) return [...steps];
  return [{ do: "other users", callsPerSecond: dice.one([1, 3, 8]) }, ...steps];
}

/** In a few histories others are there, too, and routine has little of the account's budget; drawn apart, as above. */
function crowded(seed: number, steps: readonly Step[]): Step[] {
  const dice = diceOf(seededRng(seed ^ 0xc20d));
  if (dice.number(20) > 0) return [...steps];
  const others: Step[] = SERVICES.slice(2, 3 + dice.number(2)).map((service) => ({ do: "create", service }));
  // One of them may be in trouble all the time.
  const noise: Step[] =
    dice.number(2) === 0
      ? []
      : [{ do: "fault", fault: dice.one(NOISY), only: "Describe", of: "web-three", times: 500 }];
  const waits: Step[] = dice.number(2) === 0 ? [] : [{ do: "wait", seconds: 1_800 }];
  return [{ do: "api share", share: dice.one([0.004, 0.01, 0.5]) }, ...others, ...steps, ...noise, ...waits];
}

const NOISY = ["throttled", "failed before", "refused"] as const;

const HOWS = ["accept", "accept", "correct", "ignore", "roll back"] as const;

/** In some histories a user steers, at any moment; drawn apart, so that what else a seed tells stays the same history. */
function steered(
  seed: number,
  steps: readonly Step[],
  services: readonly ServiceName[],
  hasSaboteur: boolean,
): Step[] {
  const dice = diceOf(seededRng(seed ^ 0x57eed));
  if (dice.number(5) > 0) return [...steps];
  const first = steps.findIndex((step) => step.do === "create") + services.length;
  const index = first + dice.number(steps.length - first + 1);
  const service = dice.one(services);
  const how = dice.one(HOWS);
  const deed: Step = { do: "steer", service, how };
  const look: Step[] = [
    { do: "poke", service },
    { do: "wait", seconds: 10 },
  ];
  const moved: Step = { do: "sabotage", what: dice.one(SABOTAGE_NAMES), pick: dice.number(5) };
  // What waits for a person is what a pass may not put right by itself.
  const seen: Step[] = [{ do: "pause", service }, { do: "wait", seconds: 5 }, moved, ...look, ...look];
  const told: Step[] =
    hasSaboteur && how !== "roll back" ? [...seen, deed, { do: "resume", service }] : [deed];
  return [...steps.slice(0, index), ...told, ...steps.slice(index)];
}

function deed(dice: Dice, services: readonly ServiceName[], hasSaboteur: boolean): Step[] {
  const service = dice.one(services);
  switch (dice.number(hasSaboteur ? 8 : 6)) {
    case 0:
    case 1:
      return [{ do: "edit", service, edit: dice.one(EDIT_NAMES) }];
    case 2:
      return [
        dice.one<Step>([
          { do: "undo", service },
          { do: "pause", service },
          { do: "resume", service },
          { do: "poke", service },
        ]),
      ];
    case 3:
    case 4:
      return [trouble(dice, hasSaboteur)];
    case 5:
      return [{ do: "neighbour", what: dice.one(NEIGHBOUR_NAMES), pick: dice.number(5) }];
    default:
      return [{ do: "sabotage", what: dice.one(SABOTAGE_NAMES), pick: dice.number(5) }];
  }
}

function trouble(dice: Dice, hasSaboteur: boolean): Step {
  switch (dice.number(14)) {
    case 12:
      return { do: "lag", service: dice.one(APIS), seconds: dice.one([5, 20, 30]) };
    case 13:
      return {
        do: "fault",
        fault: "not found yet",
        only: dice.one(["Create", "Modify", "Put", "Describe"]),
        times: 1 + dice.number(4),
      };
    case 0:
    case 1:
    case 2:
      return {
        do: "fault",
        fault: dice.one([...READ_FAULTS, ...READ_FAULTS, ...WRITE_FAULTS]),
        skip: dice.number(40),
      };
    case 3:
      return {
        do: "fault",
        fault: dice.one(WRITE_FAULTS),
        only: dice.one(["Create", "Modify", "Put", "Delete", "Tags", "Start"]),
        times: 1 + dice.number(2),
      };
    case 4:
      return { do: "fault", fault: dice.one(REPEATABLE), only: dice.one(APIS), times: 1 + dice.number(8) };
    case 5:
      return { do: "outage", service: dice.one(APIS), seconds: dice.one([5, 60, 600]) };
    case 6:
      return { do: "credentials", seconds: dice.one([5, 60, 900]) };
    case 7:
    case 8:
      return {
        do: "crash",
        point: dice.one(["beforeSend", "afterEffect", "beforeCommit", "afterCommit"]),
        skip: dice.number(40),
        downSeconds: dice.one([1, 5, 120]),
      };
    case 9:
      return dice.one<Step>([
        { do: "kill", downSeconds: dice.one([1, 30, 600]) },
        { do: "disk full", seconds: dice.one([3, 60]) },
        { do: "lose database" },
      ]);
    case 10:
      return { do: "clock jump", seconds: dice.one([-86_400, -3600, -60, -5, 5, 60, 86_400]) };
    default:
      if (hasSaboteur) return dice.one<Step>([{ do: "backup" }, { do: "older database" }]);
      return { do: "zone outage", zone: dice.one(ZONES), seconds: dice.one([60, 600]) };
  }
}
