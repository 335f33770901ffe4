/** Several services on one account: what they share, and what one of them has to wait for because of another. */
import type { Delivery, Forgery } from "./actors/event-bus.ts";
import type { Scenario } from "./scenarios.ts";
import type { ServiceName, Step } from "./steps.ts";

const settle: Step = { do: "settle", minutes: 90 };
const wait = (seconds: number): Step => ({ do: "wait", seconds });
const poke = (service: ServiceName): Step => ({ do: "poke", service });

const forge = (service: ServiceName, what: Forgery): Step => ({ do: "forge", service, what });

interface Fleet {
  readonly services: readonly ServiceName[];
  /** So little of AWS's buckets is left to routine. */
  readonly share?: number;
  /** How AWS's events come; absent: the daemon is told of none. */
  readonly come?: Delivery;
  /** Calls a second that others make of the account. */
  readonly others?: number;
  readonly isWhole?: boolean;
  /** Until then everything has been read again, from when on it is old. */
  readonly restSeconds?: number;
}

const THREE: readonly ServiceName[] = ["web-api", "web-two", "web-three"];
/** Attributes may become five times as old as was wished then, and what is there older than that, too. */
const SCARCE: Fleet = { services: THREE, share: 0.005, restSeconds: 200 };

/** Prime to the number of ways in which a call is attacked. */
const ONE_IN = 7;

/** What happens to services that have stood for a while. */
function among(
  { services, share, come, others, isWhole = false, restSeconds = 60 }: Fleet,
  name: string,
  ...steps: Step[]
): Scenario {
  const begin: Step[] = [
    ...(share === undefined ? [] : [{ do: "api share", share } as const]),
    ...(others === undefined ? [] : [{ do: "other users", callsPerSecond: others } as const]),
    ...(come === undefined ? [] : [{ do: "events", come } as const]),
    ...services.map((service): Step => ({ do: "create", service })),
    settle,
    wait(restSeconds),
  ];
  return { name, steps: [...begin, ...steps], from: begin.length, isWhole, oneIn: ONE_IN };
}

export const FLEETS: readonly Scenario[] = [
  // Longer than anything may become old.
  among(SCARCE, "a fleet looks at what it knows, and at everything in time", wait(1_800)),
  among(
    SCARCE,
    "somebody changes an attribute within a fleet",
    { do: "sabotage", what: "changes an attribute of the load balancer", pick: 1 },
    wait(1_600),
    settle,
  ),
  among(
    SCARCE,
    "somebody changes a rule within a fleet",
    { do: "sabotage", what: "changes a rule", pick: 2 },
    wait(500),
    settle,
  ),
  among(
    SCARCE,
    "edits within a fleet",
    { do: "edit", service: "web-two", edit: "two attributes" },
    wait(45),
    { do: "edit", service: "web-three", edit: "rule conditions" },
    settle,
  ),
  among(
    SCARCE,
    "a service of a fleet goes",
    { do: "delete", service: "web-two" },
    settle,
    { do: "create", service: "web-two" },
    settle,
  ),
  among(
    SCARCE,
    "the second page of a list fails for a fleet",
    { do: "short pages", items: 2 },
    {
      do: "fault",
      fault: "failed before",
      only: "DescribeLoadBalancers",
      isLaterPage: true,
      times: 20,
    },
    wait(600),
  ),
  among(
    { services: THREE },
    "one service of a fleet fails all the time",
    { do: "fault", fault: "failed before", only: "DescribeRules", of: "web-two", times: 10_000 },
    wait(900),
  ),
  among(
    { services: ["web-api", "web-two"] },
    "a list is slow for one service while another one is edited",
    { do: "fault", fault: "slow", only: "DescribeTargetGroups", times: 1 },
    poke("web-two"),
    wait(1),
    { do: "edit", service: "web-api", edit: "health check" },
    settle,
  ),
  among(
    { services: ["web-api"] },
    "an edit comes while a routine look waits for AWS",
    { do: "fault", fault: "slow", only: "DescribeTargetHealth", times: 1 },
    { do: "until", sends: "DescribeTargetHealth" },
    wait(1),
    { do: "edit", service: "web-api", edit: "idle timeout" },
    settle,
  ),
  among(
    { services: ["web-api"] },
    "a look is asked for while a pass writes",
    { do: "edit", service: "web-api", edit: "attribute no longer declared" },
    poke("web-api"),
    settle,
  ),
  among(
    { services: THREE, share: 0.02, isWhole: true },
    "an edit comes while routine waits for its budget",
    { do: "kill", downSeconds: 1 },
    wait(3),
    { do: "edit", service: "web-three", edit: "idle timeout" },
    settle,
  ),
  {
    ...among(
      { services: ["web-api", "web-two"], come: "in time" },
      "events tell who did it, are forged, and stop",
      wait(400),
      { do: "sabotage", what: "changes an attribute of the load balancer", pick: 1 },
      wait(60),
      forge("web-two", "a deletion"),
      forge("web-api", "an edit"),
      forge("web-api", "what nobody can read"),
      wait(60),
      { do: "sabotage", what: "changes a rule", pick: 2 },
      wait(60),
      { do: "events", come: "never" },
      wait(2_400),
    ),
    most: 27,
  },
  among(
    { services: ["web-api"], come: "in time" },
    "somebody changes what was written a moment before",
    { do: "edit", service: "web-api", edit: "two attributes" },
    wait(5),
    { do: "sabotage", what: "changes an attribute of the load balancer", pick: 0 },
    settle,
  ),
  among(
    { services: ["web-api", "web-two"], come: "lost, late, twice, in any order" },
    "events are lost, late, doubled and out of order",
    wait(400),
    { do: "sabotage", what: "changes the health check", pick: 1 },
    wait(200),
    { do: "edit", service: "web-two", edit: "two attributes" },
    { do: "sabotage", what: "changes an attribute of the load balancer", pick: 0 },
    wait(900),
    settle,
  ),
  among(
    { services: THREE, others: 8, isWhole: true },
    "others use the account, too",
    { do: "edit", service: "web-three", edit: "idle timeout" },
    wait(45),
    { do: "sabotage", what: "changes a rule", pick: 1 },
    wait(700),
  ),
];
