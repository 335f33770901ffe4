/** What AWS answers about refreshes, at each step of a rollout: nothing, something that cannot be read, or an old one. */
import { describe, expect, it } from "vitest";
import type { Call, Fault } from "../../../src/simulator/faults/interceptors.ts";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";

const HOUR = 3_600_000;
const GOOD = "ami-87654321";
const BAD = "ami-0bad0bad";
const DESCRIBE = "DescribeInstanceRefreshes";

type Answer = { InstanceRefreshes?: object[] };

/** Each second, third, … answer is another than it should be; the others are as they should. */
function every(nth: number, fault: (answer: Answer, older: Answer | undefined) => Fault | undefined) {
  let asked = 0;
  let older: Answer | undefined;
  return {
    after({ operation }: Call, output: object): Fault | undefined {
      if (operation !== DESCRIBE) return undefined;
      asked += 1;
      const answer = output as Answer;
      const wrong = asked % nth === 0 ? fault(answer, older) : undefined;
      older = structuredClone(answer);
      return wrong;
    },
  };
}

/** How many AWS has taken: it refuses a second one beside the first. */
async function begun(installation: Installation): Promise<number> {
  const ask = () =>
    somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    });
  // The wrong answer may be one of these.
  const counts = [];
  for (let count = 0; count < 2; count += 1)
    try {
      counts.push((await ask()).InstanceRefreshes.length);
    } catch {
      counts.push(0);
    }
  return Math.max(...counts);
}

const WRONG: readonly (readonly [string, Parameters<typeof every>[1]])[] = [
  ["that cannot be read", () => ({ kind: "damaged", body: "garbage" })],
  ["without a list", () => ({ kind: "output", output: {} })],
  [
    "without a status",
    ({ InstanceRefreshes = [] }) => ({
      kind: "output",
      output: { InstanceRefreshes: InstanceRefreshes.map((one) => ({ ...one, Status: undefined })) },
    }),
  ],
  ["of a moment ago", (_answer, older) => older && { kind: "output", output: older }],
];

describe.each([2, 3])("one answer of %i", (nth) => {
  it.each(WRONG)("%s delays a rollout, and no more", async (_what, fault) => {
    const installation = await converged(example().spec(), { interceptor: every(nth, fault) });
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    await installation.clock.advance(HOUR);
    expect(await begun(installation)).toBe(1);
    expect(installation.mutations()).not.toContain("autoscaling:CancelInstanceRefresh");
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Succeeded" }]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it.each(WRONG)("%s does not have a failed content tried again", async (_what, fault) => {
    const installation = await converged(example().spec(), { interceptor: every(nth, fault) });
    installation.post(example().withImage(BAD).spec());
    await installation.until(
      () => installation.condition("Stalled")?.reason === "RolloutRolledBack",
      8 * HOUR,
    );
    await installation.clock.advance(2 * HOUR);
    expect(await begun(installation)).toBe(1);
    expect(driftEvents(installation)).toEqual([]);
  });
});

describe("an answer of no refreshes at all", () => {
  it("while one is under way has nothing called off, and no second one begun that AWS takes", async () => {
    let isEmpty = false;
    const interceptor = {
      after: ({ operation }: Call): Fault | undefined =>
        isEmpty && operation === DESCRIBE ? { kind: "output", output: { InstanceRefreshes: [] } } : undefined,
    };
    const installation = await converged(example().spec(), { interceptor });
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => installation.get().status?.rollouts?.[0]?.state === "Running", HOUR);
    isEmpty = true;
    await installation.clock.advance(120_000);
    isEmpty = false;
    await installation.untilReady();
    expect(installation.mutations()).not.toContain("autoscaling:CancelInstanceRefresh");
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Succeeded" }]);
    expect(driftEvents(installation)).toEqual([]);
  });
});
