/** The parts of docs/simulator.md that follow from the simulated account's own tables. */
import { IMAGE_PARAMETERS } from "../src/simulator/account/image-parameters.ts";
import { IMAGES } from "../src/simulator/account/images.ts";
import { INSTANCE_TYPES } from "../src/simulator/account/instance-types.ts";
import {
  ACCOUNT_ID,
  CERTIFICATES,
  INSTANCE_PROFILES,
  KEY_PAIRS,
  REGION,
  SECURITY_GROUPS,
  SUBNETS,
  TOPICS,
  VPCS,
  ZONES,
} from "../src/simulator/account/seed.ts";
import { TIMINGS, type Timings } from "../src/simulator/account/timings.ts";
import { buildAccount } from "../src/simulator/account.ts";
import { BEHAVIOURS } from "../src/simulator/behaviours.ts";
import { CONTROL_ACTIONS } from "../src/simulator/faults/control-actions.ts";
import { WIRE_SERVICES } from "../src/simulator/wire/schemas.ts";
import { table } from "./markdown.ts";

const TIMING_WORDS: Readonly<Record<keyof Timings, string>> = {
  instancePending: "An instance is launched, until it is running",
  applicationBoot: "An instance is running, until its application answers",
  statusChecks: "An instance is running, until both status checks have passed",
  statusImpaired: "A host or operating system fails, until a status check reports it",
  instanceStopping: "An instance is stopping",
  instanceShuttingDown: "An instance is shutting down",
  terminatedVisible: "A terminated instance can still be described",
  loadBalancerProvisioning: "A load balancer is created, until it is active",
  capacityReservation: "Capacity is reserved for a load balancer, until it is provisioned",
  targetRegistration: "A target is registered, until its first health check is due",
};

/** By the name of the part in the page. */
export function simulatorParts(): Record<string, string> {
  return {
    seeds: seeds(),
    timings: timings(),
    operations: operations(),
    behaviours: behaviours(),
    control: control(),
  };
}

function seeds(): string {
  const code = (items: readonly string[]) => items.map((item) => `\`${item}\``).join(", ");
  const own = IMAGES.filter((image) => image.ownerId === ACCOUNT_ID);
  const images = own.map(
    ({ imageId, statusCode }) => `\`${imageId}\` (its application answers ${statusCode})`,
  );
  const others = IMAGES.filter((image) => image.ownerId !== ACCOUNT_ID);
  return table(
    ["What", "Which"],
    [
      ["Account", `\`${ACCOUNT_ID}\``],
      ["Region and zones", `\`${REGION}\`: ${code(ZONES.map((zone) => zone.name))}`],
      ["VPC", code(VPCS.map((vpc) => vpc.vpcId))],
      ["Subnets", SUBNETS.map(({ subnetId, zone }) => `\`${subnetId}\` (${zone})`).join(", ")],
      ["Security groups", code(SECURITY_GROUPS.map((group) => group.groupId))],
      ["Images", images.join(", ")],
      ["Images of others", code(others.map((image) => image.name))],
      ["Certificates", CERTIFICATES.map(({ arn, domain }) => `\`${arn}\` (${domain})`).join(", ")],
      ["Key pairs", code(KEY_PAIRS)],
      ["Instance profiles", code(INSTANCE_PROFILES.map((profile) => profile.name))],
      ["Parameters", code(Object.keys(IMAGE_PARAMETERS))],
      ["Topics", code(TOPICS)],
      ["Instance types", code(INSTANCE_TYPES.map((type) => type.name))],
    ],
  );
}

function timings(): string {
  const names = Object.keys(TIMING_WORDS) as (keyof Timings)[];
  const seconds = (ms: number) => ms / 1000;
  return table(
    ["From when until when", "Seconds"],
    names.map((name) => [TIMING_WORDS[name], `${seconds(TIMINGS[name][0])} to ${seconds(TIMINGS[name][1])}`]),
  );
}

/** What the account answers; every other operation of the services is `InvalidAction`. */
function operations(): string {
  const clock = { nowMs: () => 0, schedule: () => () => {} };
  const account = buildAccount({ clock, rng: { next: () => 0 } });
  const rows = WIRE_SERVICES.map(({ name, operations: known }) => {
    const modelled = [...known.keys()].filter((operation) => account.has(name, operation)).sort();
    return [`\`${name}\``, modelled.join(", ")];
  });
  return table(["Service", "Operations"], rows);
}

function behaviours(): string {
  const page = (url: string) =>
    url
      .split("/")
      .at(-1)
      ?.replace(/\.html$/, "") ?? url;
  return table(
    ["Id", "What the account does", "AWS's page"],
    BEHAVIOURS.map(({ id, statement, source }) => [`\`${id}\``, statement, `[${page(source)}](${source})`]),
  );
}

function control(): string {
  return table(
    ["Request", "What it does", "Body"],
    Object.entries(CONTROL_ACTIONS).map(([name, { method, what, example }]) => [
      `\`${method} /_simulator/${name}\``,
      what,
      example === undefined ? "" : `\`${JSON.stringify(example)}\``,
    ]),
  );
}
