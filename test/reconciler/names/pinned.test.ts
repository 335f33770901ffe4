import { describe, expect, it } from "vitest";
import { census, converged, type Draft, nameOf, specWith } from "../world.ts";

const LB = "loadBalancer";
const TG = "targetGroups.web";
const GROUP = "autoScalingGroups.web";
const TEMPLATE = `${GROUP}.launchTemplate`;
const POLICY = `${GROUP}.scalingPolicies.cpu`;
const ALARM = "alarms.high-5xx";

const NAMES = {
  [LB]: "prod-web",
  [TG]: "prod-web-8080",
  [GROUP]: "prod/web.asg@1",
  [TEMPLATE]: "prod/web(1).template_x",
  [POLICY]: "cpu at 60 %",
  [ALARM]: "Prod web: too many 5xx",
};

/** Pins these names, by address. */
const pin = (names: Partial<Record<keyof typeof NAMES, string>>) => (spec: Draft) => {
  const { web } = spec.autoScalingGroups;
  const parts: Record<keyof typeof NAMES, object | undefined> = {
    [LB]: spec.loadBalancer,
    [TG]: spec.targetGroups.web,
    [GROUP]: web,
    [TEMPLATE]: web.launchTemplate,
    [POLICY]: web.scalingPolicies.cpu,
    [ALARM]: spec.alarms["high-5xx"],
  };
  for (const [address, name] of Object.entries(names))
    Object.assign(parts[address as keyof typeof NAMES] ?? {}, { name });
};

const pinned = (change: (spec: Draft) => void = () => {}) =>
  specWith((spec) => {
    pin(NAMES)(spec);
    change(spec);
  });

describe("a name that the spec pins", () => {
  it("is what AWS knows the resource by, whatever AWS allows in it", async () => {
    const installation = await converged(pinned());
    for (const [address, name] of Object.entries(NAMES))
      expect(
        nameOf(installation, address)
          .split(":")
          .slice(address === POLICY ? 1 : 0)
          .join(":"),
      ).toBe(name);
  });

  it("is found again when the database is lost: nothing is changed and nothing made a second time", async () => {
    const installation = await converged(pinned());
    const before = census(installation);
    await installation.restart({ lost: true });
    installation.post(pinned());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.mutations()).toEqual([]);
    expect(census(installation)).toEqual(before);
  });

  it("may be the one that is there already: no call, and an empty plan", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    const names = Object.fromEntries(
      Object.keys(NAMES).map((address) => [
        address,
        nameOf(installation, address).replace(/^[^:]*:(?=holdfast)/, ""),
      ]),
    );
    const spec = specWith(pin(names));
    expect((await installation.plan(spec)).rows).toEqual([]);
    installation.post(spec);
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.mutations().length).toBe(calls);
    installation.post(specWith(() => {}));
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.mutations().length).toBe(calls);
  });
});
