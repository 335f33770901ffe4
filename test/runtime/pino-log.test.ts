import { describe, expect, it } from "vitest";
import { CloudError } from "../../src/model/errors.ts";
import { pinoLog } from "../../src/runtime/pino-log.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

function logged(level: "debug" | "info" = "debug") {
  const lines: string[] = [];
  const clock = new VirtualClock(Date.parse("2026-01-01T00:00:00.000Z"));
  const log = pinoLog({ level, clock, destination: { write: (line) => lines.push(line) } });
  return { lines, log };
}

describe("the log", () => {
  it("writes one JSON line: level, time of the given clock, fields, message", () => {
    const { lines, log } = logged();
    log.info({ service: "default/web-api", durationMs: 12 }, "pass ended");
    expect(lines).toEqual([
      '{"level":"info","time":"2026-01-01T00:00:00.000Z","service":"default/web-api","durationMs":12,"message":"pass ended"}\n',
    ]);
  });

  it("leaves out what is below its level", () => {
    const { lines, log } = logged("info");
    log.debug({}, "AWS call");
    log.warn({}, "slow");
    log.error({}, "broken");
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(["warn", "error"]);
  });

  it("hides secrets at every depth, however their names are spelled", () => {
    const { lines, log } = logged();
    const secret = "canary";
    log.info(
      {
        userData: secret,
        token: secret,
        headers: { Authorization: `Bearer ${secret}`, "set-cookie": secret },
        spec: { groups: [{ launchTemplate: { UserData: secret } }] },
        credentials: { secret_access_key: secret, accessKeyId: secret, sessionToken: secret },
        action: { authenticateOidc: { clientSecret: secret } },
      },
      "canary test".replace("canary", "secrets"),
    );
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]?.match(/\[hidden\]/g)).toHaveLength(9);
  });

  it("shows of an error its own words and its causes, and nothing that hangs on it", () => {
    const { lines, log } = logged();
    const cause = Object.assign(new Error("socket hang up"), { $response: { body: "canary" } });
    const error = new CloudError({ operation: "ec2:CreateTags", code: "ECONNRESET", message: "no", cause });
    log.error({ error }, "call failed");
    expect(JSON.parse(lines[0]!).error).toMatchObject({
      name: "CloudError",
      message: "no",
      cause: { message: "socket hang up" },
    });
    expect(lines[0]).not.toContain("canary");
  });

  it("survives an object that contains itself", () => {
    const { lines, log } = logged();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    log.info({ loop }, "loop");
    expect(lines[0]).toContain("[deep]");
  });
});
