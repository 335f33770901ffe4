import { describe, expect, it } from "vitest";
import type { HoldReason } from "../../../src/reconciler/core/holds.ts";
import type { FreshLook } from "../../../src/reconciler/core/observation.ts";
import {
  isOfFreshLook,
  refusalOf,
  refusedByFreshLooks,
} from "../../../src/reconciler/guards/fresh-ownership.ts";
import { KINDS, kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import type { Fault, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { FULL_SPECS } from "../../support/full-specs.ts";
import type { Installation } from "../../support/installation.ts";
import { arnOf, converged, nameOf, port, somebody, specWith } from "../world.ts";

const OWNER = "holdfast/default/web-api";
const OWNER_TAG = "holdfast.dev/owner";
const web = { id: "arn:web", name: "web" };
const there = (more: { id?: string; owner?: string } = {}): FreshLook => ({
  is: "there",
  id: "arn:web",
  owner: OWNER,
  ...more,
});

describe("what a read right before a deletion permits", () => {
  it("that very resource, with our owner tag, and nothing else", () => {
    expect(refusalOf(web, OWNER, there())).toBeUndefined();
    expect(refusalOf(web, OWNER, { ...there(), owner: undefined } as FreshLook)).toMatchObject({
      because: "not ours by now",
    });
    expect(refusalOf(web, OWNER, there({ owner: "holdfast/default/other" }))).toMatchObject({
      shows: "no tag of ours",
    });
    expect(refusalOf(web, OWNER, there({ id: "arn:web2" }))).toMatchObject({ shows: "another resource" });
    expect(refusalOf(web, OWNER, { is: "gone" })).toMatchObject({ shows: "nothing" });
    expect(refusalOf(web, OWNER, { is: "unread", what: "web" })).toEqual({ because: "unread", what: "web" });
  });

  it("says what it shows, under the name that people know", () => {
    expect(refusalOf(web, OWNER, { is: "gone" })).toEqual({
      ...{ because: "not ours by now", name: "web", shows: "nothing" },
    });
    expect(refusalOf(web, OWNER, there({ id: "arn:web2" }))).toMatchObject({
      because: "not ours by now",
      name: "web",
    });
    expect(refusalOf(web, OWNER, there({ owner: "x" }))).toMatchObject({
      because: "not ours by now",
      name: "web",
    });
  });

  it.each<[HoldReason | undefined, boolean]>([
    [{ because: "unread", what: "web" }, true],
    [{ because: "not ours by now", name: "web", shows: "nothing" }, true],
    [{ because: "adoption" }, false],
    [undefined, false],
  ])("what holds an action by %j is such a read: %s", (reason, is) => {
    expect(isOfFreshLook(reason)).toBe(is);
  });

  it("holds that deletion, and no other action", () => {
    const { stops } = refusedByFreshLooks(new Map([["arn:web", { because: "unread", what: "web" }]]));
    const subject = { kind: "targetGroup", name: "web", reason: "", id: "arn:web", calls: [] } as const;
    const address = "targetGroups.web" as never;
    expect(stops({ ...subject, address, verb: "delete", isLast: true })).toBeDefined();
    expect(stops({ ...subject, address, verb: "update", differences: [] })).toBeUndefined();
    expect(stops({ ...subject, address, id: "arn:other", verb: "delete", isLast: true })).toBeUndefined();
  });
});

/** An installation in which something happens when the tags of one resource alone are read, as before its deletion. */
async function convergedAnd(meet: (arn: string, installation: Installation) => Fault | undefined) {
  let armed: { installation: Installation; arn: string } | undefined;
  const interceptor: Interceptor = {
    before: ({ operation, input }) => {
      const { ResourceArns: [arn, ...others] = [] } = input as { ResourceArns?: string[] };
      const isExact = operation === "DescribeTags" && others.length === 0 && arn === armed?.arn;
      return isExact && armed !== undefined ? meet(armed.arn, armed.installation) : undefined;
    },
  };
  const installation = await converged(undefined, { interceptor });
  const former = arnOf(installation, "targetGroups.web");
  armed = { installation, arn: former };
  return {
    installation,
    former,
    disarm: () => {
      armed = undefined;
    },
  };
}

const targetGroups = async (installation: Installation) =>
  (await somebody(installation, "elasticloadbalancing:DescribeTargetGroups", {})).TargetGroups.map(
    ({ TargetGroupArn }) => TargetGroupArn,
  );

describe("what is handed over between the list and its deletion", () => {
  for (const [what, deed] of [
    [
      "our owner tag is taken off",
      (arn: string) => ["RemoveTags", { ResourceArns: [arn], TagKeys: [OWNER_TAG] }],
    ],
    [
      "another owner's tag stands in its place",
      (arn: string) => [
        "AddTags",
        { ResourceArns: [arn], Tags: [{ Key: OWNER_TAG, Value: "holdfast/default/other" }] },
      ],
    ],
  ] as const) {
    it(`is not deleted, and told: ${what}`, async () => {
      const { installation, former } = await convergedAnd((arn, { account }) => {
        const [operation, input] = deed(arn) as [string, object];
        void account.call("elasticloadbalancing", operation, input);
        const Tags = operation === "AddTags" ? [{ Key: OWNER_TAG, Value: "holdfast/default/other" }] : [];
        return { kind: "output", output: { TagDescriptions: [{ ResourceArn: arn, Tags }] } };
      });
      installation.post(specWith(port));
      await installation.untilReady();
      await installation.clock.advance(600_000);
      expect(await targetGroups(installation)).toContain(former);
      expect(installation.mutations()).not.toContain("elasticloadbalancing:DeleteTargetGroup");
      expect(installation.store.events({ limit: 100 }).items).toContainEqual(
        expect.objectContaining({
          reason: "NotOurs",
          message: expect.stringMatching(/was to be deleted, and is left: .* shows no tag of ours/),
        }),
      );
      expect(installation.condition("Ready")?.status).toBe("True");
    });
  }
});

describe("a read right before a deletion", () => {
  it("that fails leaves the resource, which goes once it can be read", async () => {
    const { installation, former, disarm } = await convergedAnd(() => ({
      kind: "error",
      code: "AccessDenied",
      message: "no",
      status: 403,
    }));
    installation.post(specWith(port));
    await installation.until(() =>
      Boolean(installation.condition("Synced")?.message.includes("right before its deletion")),
    );
    await installation.clock.advance(600_000);
    expect(await targetGroups(installation)).toContain(former);
    disarm();
    await installation.until(() => installation.condition("Synced")?.status === "True");
    expect(await targetGroups(installation)).not.toContain(former);
  });

  it("is asked once for each deletion, and never without one", async () => {
    const asked: string[] = [];
    const { installation, former } = await convergedAnd((arn) => {
      asked.push(arn);
      return undefined;
    });
    await installation.clock.advance(600_000);
    expect(asked).toEqual([]);
    installation.post(specWith(port));
    await installation.untilReady();
    expect(asked).toEqual([former]);
  });

  it("is followed by nothing where somebody has thought better of it meanwhile", async () => {
    const { installation, former } = await convergedAnd((_arn, one) => {
      one.post(specWith(() => undefined));
      return undefined;
    });
    installation.post(specWith(port));
    await installation.until(() => installation.get().metadata.generation === 3);
    await installation.untilReady();
    expect(await targetGroups(installation)).toContain(former);
  });

  it("every kind can tell what it reads by its exact id", async () => {
    const installation = await converged(FULL_SPECS[0].spec());
    const group = nameOf(installation, "autoScalingGroups.web") ?? "";
    const { resources } = installation.get().status!;
    expect(new Set(resources.map(({ kind }) => kind)).size).toBe(KINDS.length);
    const reader = { call: installation.aws.bind(installation) };
    for (const { kind, arn = "", name } of resources) {
      const parent = kindNamed(kind as never).sitsOn === "autoScalingGroup" ? group : undefined;
      const id = kind === "autoScalingGroup" ? name : arn;
      const own = name.startsWith(`${group}:`) ? name.slice(group.length + 1) : name;
      const attributes = { name: own, topic: own };
      const look = await kindNamed(kind as never).lookAfresh(
        reader as never,
        { id, name, parent, attributes } as never,
      );
      expect(look, kind).toEqual({ is: "there", id, owner: OWNER });
    }
  });
});
