/**
 * The demonstration: a simulated AWS account at sixty times real time, and a story. Without a name, it is the worked
 * example's: somebody who meddles, and an application that fails. `takeover` is that of a tier which runs already.
 * Everything that is done to the account goes over AWS's own protocols.
 * `--exit`: end with 0 when all of it happened, with 1 otherwise; without it the dashboard stays up.
 */
import { readFileSync } from "node:fs";
import { parseConfig } from "../src/config.ts";
import { clockFor, type Daemon, startDaemon } from "../src/daemon.ts";
import { SetupError } from "../src/model/errors.ts";
import type { Log } from "../src/ports.ts";
import { showDrift } from "./drift.ts";
import { showFlow } from "./flow.ts";
import { showTakeover, TIER } from "./takeover.ts";
import { bold, dim, heading, say, waitFor } from "./terminal.ts";
import { World } from "./world.ts";

const SPEED = 60;
/** Real milliseconds; several times of what each chapter takes. */
const READY_LIMIT_MS = 60_000;
const EXAMPLE = new URL("../examples/web-api.yaml", import.meta.url);

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Story {
  /** The WebService that it is about. */
  readonly service: string;
  /** What the daemon is started with beside the usual. */
  readonly settings: readonly string[];
  readonly title: string;
  readonly tell: (daemon: Daemon, world: World) => Promise<void>;
}

const STORIES: Readonly<Record<string, Story>> = {
  web: {
    service: "web-api",
    settings: [],
    title: "Holdfast keeps an AWS web tier exactly as declared.",
    tell: tellOfWeb,
  },
  takeover: {
    service: TIER.name,
    settings: ["--simulator-seed-file", TIER.seedFile],
    title: "Holdfast takes over an AWS web tier that runs already.",
    tell: (_, world) => showTakeover(world),
  },
};

async function main(): Promise<number> {
  const words = process.argv.slice(2).filter((word) => word !== "--exit");
  const story = STORIES[words[0] ?? "web"];
  if (story === undefined || words.length > 1) {
    process.stdout.write(`Usage: npm run demo -- [${Object.keys(STORIES).join("|")}] [--exit]\n`);
    return 2;
  }
  const staysUp = !process.argv.includes("--exit");
  const daemon = await start(story);
  try {
    await tell(daemon, story);
  } catch (error) {
    process.stdout.write(
      `\nThe demonstration failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    await daemon.stop();
    return 1;
  }
  if (staysUp) await untilInterrupted(daemon);
  await daemon.stop();
  return 0;
}

/** On the usual ports; on free ones where those are taken. */
async function start(story: Story): Promise<Daemon> {
  const usual = ["--database", ":memory:", "--simulator-speed", String(SPEED), "--resync-seconds", "60"];
  const settings = [...usual, ...story.settings];
  const begin = (more: string[]) => {
    const config = parseConfig([...settings, ...more], {});
    return startDaemon(config, clockFor(config), silent, "demo");
  };
  try {
    return await begin([]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return begin(["--listen", "127.0.0.1:0", "--simulator-listen", "127.0.0.1:0"]);
  }
}

async function tell(daemon: Daemon, story: Story): Promise<void> {
  heading(story.title);
  say(`The account is a simulated one at ${SPEED} times real time; times below are the account's own.`);
  say(`Dashboard  ${bold(`${daemon.url}/status`)}`);
  say(`AWS API    ${daemon.simulatorUrl} ${dim("(any AWS client)")}`);
  await story.tell(daemon, new World(daemon, story.service));
}

async function tellOfWeb(daemon: Daemon, world: World): Promise<void> {
  await converge(daemon, world);
  await showDrift(world);
  await showFlow(world);
  heading("What to try next, in another terminal");
  const patch = (service: string, spec: object) =>
    `curl -X PATCH -H 'content-type: application/merge-patch+json' -d '${JSON.stringify({ spec })}' ${daemon.url}/apis/holdfast.dev/v1/namespaces/default/webservices/${service}`;
  say(`curl -H 'Accept: text/plain' ${daemon.url}/status/default/web-api`);
  say(`curl --json '{"zone":"us-east-1a","available":false}' ${daemon.simulatorUrl}/_simulator/zone`);
  say(patch("web-api", { targetGroups: { web: { port: 9090 } } }));
  say(`curl --data-binary @examples/day-with-traffic.yaml ${daemon.url}/specs`);
  say(
    dim(
      "  Once it is ready: a bad image on its way in stages, which its alarm stops, and what ran before comes back.",
    ),
  );
  say(
    patch("day-with-traffic", {
      autoScalingGroups: { web: { launchTemplate: { imageId: "ami-0bad0bad" } } },
    }),
  );
  say(`curl -H 'Accept: text/plain' ${daemon.url}/status/default/day-with-traffic`);
}

async function converge(daemon: Daemon, world: World): Promise<void> {
  heading("1. A spec is posted, and becomes real");
  const startMs = daemon.clock.nowMs();
  const answer = await fetch(`${daemon.url}/specs`, {
    method: "POST",
    headers: { "content-type": "application/yaml" },
    body: readFileSync(EXAMPLE, "utf8"),
  });
  if (answer.status !== 201) throw new Error(`POST /specs answered ${answer.status}: ${await answer.text()}`);
  say("POST /specs examples/web-api.yaml → 201 Created");
  await world.untilReady(READY_LIMIT_MS);
  const { mutating, reads } = world.calls();
  const seconds = Math.round((daemon.clock.nowMs() - startMs) / 1000);
  say(
    `${bold("Ready")} after ${seconds} s of the account's time: ${mutating} calls that write, ${reads} that read.`,
  );
  for (const row of daemon.store.calls({ limit: 100 }).reverse())
    say(dim(`  ${row.operation.padEnd(52)} ${row.address}`));
  const { status } = world.service();
  say(`Load balancer  ${status?.dnsName}`);
  for (const instance of status?.instances ?? [])
    say(`Instance       ${instance.instanceId} in ${instance.availabilityZone}: ${instance.verdict}`);
}

async function untilInterrupted(daemon: Daemon): Promise<void> {
  heading(`The dashboard stays up at ${daemon.url}/status. Ctrl-C ends it.`);
  // A listener alone does not say that there is still something to do; this does.
  const keepAlive = setInterval(() => {}, 60_000);
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  await waitFor(
    async () => (isDone ? true : undefined),
    () => "",
    Number.POSITIVE_INFINITY,
  );
  clearInterval(keepAlive);
}

process.exit(await main());
