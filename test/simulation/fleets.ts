/** Several services on one account: what they share, and what one of them has to wait for because of another. */
import type { Scenario } from "./scenarios.ts";
import type { ServiceName, Step } from "./steps.ts";

const settle: Step = { do: "settle", minutes: 90 };
const wait = (seconds: number): Step => ({ do: "wait", seconds });
const poke = (service: ServiceName): Step => ({ do: "poke", service });

const hint = (service: ServiceName): Step => ({ do: "hint", service });

interface Fleet {
  readonly services: readonly ServiceName[];
  /** So little of AWS's buckets is left to routine. */
  readonly share?: number;
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
  { services, share, isWhole = false, restSeconds = 60 }: Fleet,
  name: string,
  ...steps: Step[]
): Scenario {
  const begin: Step[] = [
    ...(share === undefined ? [] : [{ do: "api share", share } as const]),
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
      { services: ["web-api", "web-two"] },
      "events are late, doubled, forged, and stop",
      { do: "events", flow: true },
      wait(400),
      hint("web-two"),
      hint("web-two"),
      hint("web-api"),
      wait(120),
      { do: "sabotage", what: "changes an attribute of the load balancer", pick: 1 },
      wait(40),
      hint("web-two"),
      hint("web-api"),
      wait(60),
      { do: "events", flow: false },
      wait(600),
    ),
    most: 26,
  },
];
