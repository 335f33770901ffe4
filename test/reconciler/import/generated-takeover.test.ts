/** Whatever somebody else has made: taken over by our tags alone, kept like everything else, and given back as it was. */
import { describe, expect, it } from "vitest";
import { readAccount } from "../../simulation/judges/account-view.ts";
import { instancesIn, portraitOf } from "../../simulation/judges/takeover.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { driftEvents, somebody } from "../world.ts";
import { SERVES_AFTER_MS } from "./existing-tier.ts";
import { generatedTier } from "./generated-tier.ts";

const SEEDS = 200;
const PIECES = 20;
const MANAGERS = "kubernetes,elastic-beanstalk,cloudformation,ecs,eks";
const TAGS =
  /^(elasticloadbalancing:AddTags|autoscaling:CreateOrUpdateTags|ec2:CreateTags|cloudwatch:TagResource)$/;
const UNTAGS =
  /^(elasticloadbalancing:RemoveTags|autoscaling:DeleteTags|ec2:DeleteTags|cloudwatch:UntagResource)$/;

describe("a generated tier", () => {
  for (let from = 0; from < SEEDS; from += SEEDS / PIECES) {
    it(`is adopted by tags alone, kept, and given back as it was: seeds ${from} to ${from + SEEDS / PIECES - 1}`, async () => {
      for (let seed = from; seed < from + SEEDS / PIECES; seed += 1) await expectTakenAndGiven(seed);
    });
  }
});

async function expectTakenAndGiven(seed: number): Promise<void> {
  const here = new Installation({ seed });
  const loadBalancer = await generatedTier(here, seed);
  await here.clock.advance(SERVES_AFTER_MS);
  const before = viewOf(here);
  const { spec } = await here.import({ loadBalancer });
  here.post(spec);
  await settled(here);

  const adopting = writesFrom(here);
  here.post({ ...spec, management: "Manage" });
  here.annotate({ "holdfast.dev/no-longer-managed-by": MANAGERS });
  await untilOrigin(here, "adopted", seed);
  expect({ seed, writes: adopting().filter((name) => !TAGS.test(name)) }).toEqual({ seed, writes: [] });
  const adopted = viewOf(here);
  expect({ seed, ...adopted }).toEqual({ seed, ...before });

  const [{ TargetGroupArn, HealthyThresholdCount } = { TargetGroupArn: "", HealthyThresholdCount: 0 }] =
    readAccount(here.account)
      .targetGroups.filter(({ tags }) => tags["holdfast.dev/owner"] !== undefined)
      .map(({ it }) => it);
  await somebody(here, "elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn,
    HealthyThresholdCount: HealthyThresholdCount === 9 ? 8 : 9,
  });
  await here.until(() => driftEvents(here).some(({ state }) => state === "Corrected"));
  expect({ seed, ...viewOf(here) }).toEqual({ seed, ...before });

  const releasing = writesFrom(here);
  here.post({ ...spec, management: "Observe" });
  await untilOrigin(here, "observed", seed);
  expect({ seed, writes: releasing().filter((name) => !UNTAGS.test(name)) }).toEqual({ seed, writes: [] });
  expect({ seed, ...viewOf(here) }).toEqual({ seed, ...before });
  expect(JSON.stringify(readAccount(here.account))).not.toContain("holdfast.dev/");
}

function settled(here: Installation): Promise<void> {
  return here.until(() => here.get().status?.observedGeneration === here.get().metadata.generation);
}

/** What others use as well is not taken over. */
async function untilOrigin(here: Installation, origin: string, seed: number): Promise<void> {
  const groups = Object.entries(here.get().spec.autoScalingGroups as Record<string, Group>);
  const shared: string[] = groups.flatMap(([key, { launchTemplate }]) =>
    launchTemplate.shared === undefined ? [] : [`autoScalingGroups.${key}.launchTemplate`],
  );
  const others = () =>
    here.store.made(WEB_API).filter((row) => row.origin !== origin && !shared.includes(row.address));
  await here.until(() => here.store.made(WEB_API).length > 0 && others().length === 0).catch(() => {});
  expect({ seed, others: others() }).toEqual({ seed, others: [] });
}

interface Group {
  readonly launchTemplate: { readonly shared?: object };
}

/** The calls that ask for a change, from now on. */
function writesFrom(here: Installation): () => string[] {
  const from = here.clock.nowMs();
  return () =>
    here.account.calls
      .list()
      .filter(({ mutating, atMs }) => mutating && atMs >= from)
      .map(({ service, operation }) => `${service}:${operation}`);
}

function viewOf({ account }: Installation): { portrait: string[]; instances: string } {
  const view = readAccount(account);
  return { portrait: portraitOf(view).split("\n"), instances: instancesIn(view) };
}
