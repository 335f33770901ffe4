/** A rollout whose first call was not answered, or whose process ended: its row says what it was about. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { addFault, converged, driftEvents } from "../world.ts";

const START = "autoscaling:StartInstanceRefresh";
const GOOD = "ami-87654321";

const started = (installation: Installation) =>
  installation.mutations().filter((one) => one === START).length;
const rollouts = (installation: Installation) =>
  installation.store.rollouts({ namespace: "default", name: "web-api" });

async function rolledOut(installation: Installation): Promise<void> {
  await installation.untilReady();
  const [row, ...others] = rollouts(installation);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ state: "Succeeded", to: { version: "2", imageId: GOOD }, generation: 2 });
  expect(row?.from).toMatchObject({ version: "1", imageId: "ami-12345678" });
  expect(driftEvents(installation)).toEqual([]);
}

describe("a rollout", () => {
  it("whose refresh was begun without an answer is found again, and not begun twice", async () => {
    const installation = await converged();
    addFault(installation, START, { kind: "lost", afterMs: 1_000 }, { times: 1 }, "after");
    installation.post(example().withImage(GOOD).spec());
    await rolledOut(installation);
    expect(started(installation)).toBe(1);
  });

  it("whose refresh was not begun is begun by the next pass", async () => {
    const installation = await converged();
    addFault(installation, START, { kind: "lost", afterMs: 1_000 }, { times: 1 }, "before");
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => rollouts(installation)[0]?.state === "Running");
    await rolledOut(installation);
  });

  it("is in the database before its call leaves, and goes on after the process was killed", async () => {
    let known: number | undefined;
    const installation = await converged(undefined, {
      interceptor: {
        before({ operation }) {
          if (operation === "StartInstanceRefresh") known = rollouts(installation).length;
          return undefined;
        },
      },
    });
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => known !== undefined);
    expect(known).toBe(1);
    await installation.restart();
    await rolledOut(installation);
    expect(started(installation)).toBeLessThanOrEqual(1);
  });

  it("that is overtaken by another edit has stopped, and may be asked for again", async () => {
    const installation = await converged();
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => rollouts(installation)[0]?.state === "Running");
    installation.post(example().spec());
    await installation.untilReady();
    expect(rollouts(installation).find(({ to }) => to.version === "2")?.state).toBe("Stopped");
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(rollouts(installation).find(({ to }) => to.version === "2")?.state).toBe("Succeeded");
  });
});
