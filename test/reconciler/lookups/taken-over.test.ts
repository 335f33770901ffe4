/** Lookups of a service that is only observed, or taken over as it runs, and under names that stay. */
import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { exampleSpec, Installation, WEB_API } from "../../support/installation.ts";
import { addFault, somebody } from "../world.ts";

const PARAMETER = "/team/web-image";
const HOUR_MS = 3_600_000;

interface Spec extends Record<string, unknown> {
  loadBalancer: Record<string, unknown>;
  targetGroups: { web: Record<string, unknown> };
  autoScalingGroups: { web: { launchTemplate: Record<string, unknown> } };
}

function specWith(change: (spec: Spec) => void): Spec {
  const spec = exampleSpec() as Spec;
  change(spec);
  return spec;
}

/** The worked example, whose image is followed. */
function following(management: "Manage" | "Observe"): Spec {
  return specWith((spec) => {
    spec.management = management;
    spec.autoScalingGroups.web.launchTemplate.imageId = {
      ssmParameter: PARAMETER,
      owner: "self",
      follow: true,
    };
  });
}

function publish(installation: Installation, imageId: string) {
  return somebody(installation, "ssm:PutParameter", {
    Name: PARAMETER,
    Type: "String",
    Value: imageId,
    Overwrite: true,
  });
}

const origins = ({ store }: Installation) =>
  [...new Set(store.made(WEB_API).map(({ origin }) => origin))].join();

/** A tier that runs and is only looked at; generation 2. */
async function observed(): Promise<Installation> {
  const installation = new Installation();
  await publish(installation, "ami-12345678");
  await installation.postResolved(following("Manage"));
  await installation.untilReady();
  await installation.postResolved(following("Observe"));
  await installation.until(() => origins(installation) === "observed");
  await installation.clock.advance(120_000);
  return installation;
}

const synced = (installation: Installation) => installation.condition("Synced")?.reason;
const imageOf = (installation: Installation) => installation.get().status?.lookups?.[0];

describe("a newer image of a service", () => {
  it("that is only observed is told, and neither followed nor written", async () => {
    const installation = await observed();
    const before = installation.mutations().length;
    await publish(installation, "ami-87654321");
    await installation.clock.advance(2 * HOUR_MS);
    expect(imageOf(installation)).toMatchObject({ state: "UpdateAvailable", newer: "ami-87654321" });
    expect(installation.get().metadata.generation).toBe(2);
    expect(installation.mutations()).toHaveLength(before);
  });

  it("that is being adopted waits until all of it is ours", async () => {
    const installation = await observed();
    await publish(installation, "ami-87654321");
    const denied = { kind: "error", code: "AccessDenied", message: "You may not.", status: 403 } as const;
    addFault(installation, "cloudwatch:TagResource", denied, { seconds: 3 * 3_600 });
    await installation.postResolved(following("Manage"));
    await installation.clock.advance(2 * HOUR_MS);
    expect(synced(installation)).not.toBe("InSync");
    expect(imageOf(installation)).toMatchObject({ state: "UpdateAvailable", newer: "ami-87654321" });
    expect(installation.get().metadata.generation).toBe(3);
    await installation.until(() => installation.get().metadata.generation === 4, 4 * HOUR_MS);
    expect(origins(installation)).toBe("adopted");
    await installation.untilReady();
    expect(imageOf(installation)).toMatchObject({ state: "Current", value: "ami-87654321" });
  });
});

describe("an edit of a service that is only observed", () => {
  it("has what it looks up asked for, and nothing written", async () => {
    const installation = await observed();
    const before = installation.mutations().length;
    const spec = following("Observe");
    await installation.postResolved({ ...spec, vpcId: { name: "main" } });
    await installation.until(() => installation.get().status?.observedGeneration === 3);
    expect(synced(installation)).toBe("InSync");
    expect(installation.store.lookups(WEB_API).map(({ value }) => value)).toContain("vpc-12345678");
    await expect(installation.postResolved({ ...spec, vpcId: { name: "nowhere" } })).rejects.toThrow(
      InvalidSpecError,
    );
    expect(installation.mutations()).toHaveLength(before);
  });
});

describe("what AWS cannot change in place under a name that stays", () => {
  const pinned = (vpcId: unknown) =>
    specWith((spec) => {
      spec.vpcId = vpcId;
      spec.targetGroups.web.name = "web-targets";
    });

  it("may be looked up instead, where it stays the same", async () => {
    const installation = new Installation();
    await installation.postResolved(pinned("vpc-12345678"));
    await installation.untilReady();
    const before = installation.mutations().length;
    await installation.postResolved(pinned({ name: "main" }));
    await installation.until(() => installation.get().status?.observedGeneration === 2);
    expect(synced(installation)).toBe("InSync");
    expect(installation.mutations()).toHaveLength(before);
  });

  it("is refused when a lookup finds another, and nothing is stored", async () => {
    const installation = new Installation();
    await installation.postResolved(pinned({ name: "main" }));
    await installation.untilReady();
    const { Vpc } = (await somebody(installation, "ec2:CreateVpc", {
      CidrBlock: "10.9.0.0/16",
    })) as unknown as { Vpc: { VpcId: string } };
    await somebody(installation, "ec2:CreateTags", {
      Resources: [Vpc.VpcId],
      Tags: [{ Key: "Name", Value: "second" }],
    });
    await expect(installation.postResolved(pinned({ name: "second" }))).rejects.toMatchObject({
      faults: expect.arrayContaining([
        expect.objectContaining({
          path: "spec.vpcId",
          message: expect.stringContaining("cannot change it in place"),
        }),
      ]),
    });
    expect(installation.get().metadata.generation).toBe(1);
  });
});
