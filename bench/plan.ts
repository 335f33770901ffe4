/** How long does deciding take, for a service of a hundred resources? */

import type { ObservedResource } from "../src/reconciler/core/resource.ts";
import { decide } from "../src/reconciler/decide.ts";
import { admit } from "../src/reconciler/kinds/admission.ts";
import { desiredOf, KINDS, kindNamed } from "../src/reconciler/kinds/registry.ts";
import { observe } from "../src/reconciler/observe.ts";
import { example } from "../test/support/example.ts";
import { Installation } from "../test/support/installation.ts";
import { type Measurement, median } from "./report.ts";

const ROUNDS = 300;
const WARM_UP = 50;

export async function measurePlan(): Promise<Measurement[]> {
  const rules = Array.from({ length: 91 }, (_, index) => ({
    name: `rule-${index}`,
    priority: index + 1,
    conditions: [{ pathPattern: [`/path-${index}/*`] }],
    action: { fixedResponse: { statusCode: "403" } },
  }));
  const spec = example().withListener(443, { rules }).spec();
  const world = new Installation();
  world.post(spec);
  await world.untilReady();
  const service = {
    key: { namespace: "default", name: "web-api" },
    owner: "holdfast/default/web-api",
    spec: admit(spec),
  };
  const desired = desiredOf(service);
  const nowMs = () => world.clock.nowMs();
  const signal = new AbortController().signal;
  const observation = await world.clock.resolve(
    observe({
      cloud: world.cloud,
      kinds: KINDS,
      service,
      desired,
      made: [],
      readsMeant: false,
      managerTags: [],
      nowMs,
      signal,
    }),
  );
  const applied = new Map(
    [...world.store.applied(service.key)].map(([address, { fields }]) => [address, fields] as const),
  );
  const input = {
    kindNamed,
    desired,
    observation,
    applied,
    made: [],
    listLacks: [],
    holds: [],
    goal: "Converge" as const,
  };
  const moved = {
    ...input,
    observation: { ...observation, resources: observation.resources.map(halfChanged) },
  };
  return [
    {
      ...timed("Plan for 100 resources, nothing to do", () => decide(input)),
      how: `${desired.length} resources, median of ${ROUNDS} runs`,
    },
    {
      ...timed("Plan for 100 resources, every second one changed", () => decide(moved)),
      how: `${desired.length} resources, median of ${ROUNDS} runs`,
    },
  ];
}

function halfChanged(resource: ObservedResource, index: number): ObservedResource {
  if (index % 2 === 0) return resource;
  return { ...resource, fields: { ...resource.fields, "tags.Environment": "moved" } };
}

function timed(question: string, run: () => unknown): Omit<Measurement, "how"> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const beganMs = performance.now();
    run();
    if (round >= WARM_UP) times.push(performance.now() - beganMs);
  }
  return { question, figure: median(times), unit: "ms", goal: { atMost: 2 } };
}
