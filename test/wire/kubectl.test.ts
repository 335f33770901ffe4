import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type Answer, kubectlFor, MISSING_KUBECTL } from "./kubectl.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/web-api.yaml", import.meta.url));
const READY_LIMIT_MS = 90_000;
const LEFT_OUT = MISSING_KUBECTL === undefined ? "" : ` (left out: ${MISSING_KUBECTL})`;

describe.skipIf(MISSING_KUBECTL !== undefined)(`the unmodified kubectl${LEFT_OUT}`, () => {
  let daemon: DaemonProcess;
  let kubectl: (...args: string[]) => Promise<Answer>;

  /** What it says. @throws when it does not succeed */
  async function said(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  beforeAll(async () => {
    daemon = await DaemonProcess.start([
      ...["--database", ":memory:", "--simulator-listen", "127.0.0.1:0", "--simulator-speed", "60"],
    ]);
    kubectl = kubectlFor(daemon.url);
    expect(await said("apply", "-f", EXAMPLE)).toContain("web-api created");
    const api = new ApiClient(daemon.url);
    await waitUntil(
      async () =>
        conditionOf((await api.get("web-api")).status?.conditions, "Ready")?.status === "True" || undefined,
      READY_LIMIT_MS,
    );
  }, READY_LIMIT_MS + 60_000);

  afterAll(async () => {
    await daemon?.stop();
  });

  it("finds no difference to what it has applied", async () => {
    // Its two reads may stand before and after a pass, which writes when it looked: the account's time runs fast here.
    const answers: Answer[] = [];
    for (let tries = 0; tries < 5 && answers.at(-1)?.code !== 0; tries += 1) {
      answers.push(await kubectl("diff", "-f", EXAMPLE));
    }
    expect(answers.at(-1)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("applies again, replaces, and refuses to create what is there", async () => {
    expect(await said("apply", "-f", EXAMPLE)).toContain("webservice.holdfast.dev/web-api");
    expect(await said("replace", "-f", EXAMPLE)).toContain("replaced");
    const { code, stderr } = await kubectl("create", "-f", EXAMPLE);
    expect([code, stderr]).toEqual([1, expect.stringContaining("AlreadyExists")]);
  });

  it("explains every kind, down to its status", async () => {
    expect(await said("explain", "ws.spec.targetGroups")).toContain("KIND:       WebService");
    expect(await said("explain", "ws.status.resources.state")).toContain("OutOfSync");
    expect(await said("explain", "driftevents.correction.requestId")).toContain("AWS's id of the request");
    expect(await said("explain", "events.count")).toContain("How often");
  });

  it("prints columns and true ages, sorted by what it is told to", async () => {
    const services = await said("get", "ws", "--sort-by=.metadata.name");
    expect(services).toMatch(
      /^NAME +READY +REASON +SERVING +DRIFTED +AGE\nweb-api +True +Ready +2\/2 +False +\d+\w+\n$/,
    );
    expect(await said("get", "events", "--sort-by=.lastTimestamp")).toMatch(
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/,
    );
    expect(await said("get", "driftevents", "-o", "wide")).not.toContain("invalid");
    expect(await said("get", "ws", "-o", "wide")).toContain("elb.amazonaws.com");
  });

  it("does not take a missing service for a missing namespace", async () => {
    const { stderr } = await kubectl("get", "ws", "nope", "-n", "team-x");
    expect(stderr).toContain('WebService "team-x/nope" does not exist');
    expect(await said("get", "ns")).toContain("default");
  });

  it("reads and posts what stands below an object", async () => {
    const below = "/apis/holdfast.dev/v1/namespaces/default/webservices/web-api";
    expect(await said("get", "--raw", `${below}/revisions`)).toContain('"kind":"RevisionList"');
    const folder = mkdtempSync(join(tmpdir(), "holdfast-kubectl-"));
    const file = join(folder, "rollback.json");
    writeFileSync(file, JSON.stringify({ generation: 1 }));
    expect(await said("create", "--raw", `${below}/rollback`, "-f", file)).toContain('"kind":"Rollback"');
    rmSync(folder, { recursive: true });
    expect(await said("api-resources")).not.toContain("rollback");
  });

  it("reads the version", async () => {
    expect(await said("version")).toMatch(/Server Version: v\d+\.\d+\.\d+/);
  });
});
