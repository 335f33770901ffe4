import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokensIn } from "../src/config/token-file.ts";
import { configurationTable, helpText, parseConfig } from "../src/config.ts";
import { SetupError } from "../src/model/errors.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function tokenFile(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** The one line that the settings end in. */
function faultOf(argv: string[], env: Record<string, string> = {}): string {
  try {
    parseConfig(argv, env);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    expect(error.message).not.toContain("\n");
    return error.message;
  }
  throw new Error("the settings were accepted");
}

describe("settings", () => {
  it("have the defaults that the docs promise", () => {
    expect(parseConfig([], {})).toEqual({
      help: false,
      cloud: "simulated",
      installation: "holdfast",
      listen: { host: "127.0.0.1", port: 8080 },
      tokens: undefined,
      database: "data/holdfast.db",
      resyncSeconds: 60,
      retention: { driftDays: 400, driftEvents: 20_000, statusHistoryDays: 90, statusHistory: 100_000 },
      autoScalingCallsPerSecond: 10,
      apiShare: 0.5,
      correctionsPerHour: 500,
      managerTags: [],
      eventsQueue: undefined,
      attribution: "off",
      simulatorListen: { host: "127.0.0.1", port: 4566 },
      simulatorSpeed: 1,
      simulatorSeed: undefined,
      simulatorSeedFile: undefined,
      logLevel: "info",
    });
  });

  it("take the URL of a queue apart: whose it is, where, and its name", () => {
    const queueOf = (url: string) => parseConfig(["--events-queue", url], {}).eventsQueue;
    const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/holdfast-events";
    const known = { url, account: "123456789012", name: "holdfast-events" };
    expect(queueOf(url)).toEqual({ ...known, region: "eu-central-1" });
    expect(queueOf("http://127.0.0.1:4566/123456789012/events")?.region).toBeUndefined();
    expect(queueOf("https://sqs.us-gov-west-1.amazonaws.com/123456789012/e")?.region).toBe("us-gov-west-1");
  });

  it.each([
    "holdfast-events",
    "arn:aws:sqs:eu-central-1:123456789012:holdfast-events",
    "https://sqs.eu-central-1.amazonaws.com/123456789012/holdfast-events.fifo",
    "https://sqs.eu-central-1.amazonaws.com/12345/holdfast-events",
    "ftp://sqs.eu-central-1.amazonaws.com/123456789012/holdfast-events",
    "https://a:b@sqs.eu-central-1.amazonaws.com/123456789012/holdfast-events",
  ])("take %s for no queue", (url) => {
    expect(() => parseConfig(["--events-queue", url], {})).toThrow(
      /is not possible; it is the URL of a standard/,
    );
  });

  it("want a queue of AWS's to say its Region", () => {
    const asked = ["--cloud", "aws", "--events-queue", "https://queue.example.com/123456789012/events"];
    expect(() => parseConfig(asked, {})).toThrow(/does not say its Region/);
  });

  it("come from flags in both forms, and from the environment", () => {
    expect(
      parseConfig(["--resync-seconds", "5", "--simulator-speed=60"], {
        HOLDFAST_DATABASE: ":memory:",
        HOLDFAST_SIMULATOR_SEED: "0",
        PATH: "/bin",
      }),
    ).toMatchObject({ resyncSeconds: 5, simulatorSpeed: 60, database: ":memory:", simulatorSeed: 0 });
  });

  it("a flag wins over the environment, where an empty variable counts as not set", () => {
    const env = { HOLDFAST_LOG_LEVEL: "warn", HOLDFAST_TOKEN_FILE: "" };
    expect(parseConfig([], env)).toMatchObject({ logLevel: "warn", tokens: undefined });
    expect(parseConfig(["--log-level=debug"], env)).toMatchObject({ logLevel: "debug" });
  });

  it("an IPv6 address stands in brackets; port 0 asks for any free one", () => {
    expect(parseConfig(["--listen", "[::1]:0"], {}).listen).toEqual({ host: "::1", port: 0 });
  });

  it("--help is answered whatever else is wrong", () => {
    expect(parseConfig(["--nonsense", "--help"], { HOLDFAST_NONSENSE: "1" }).help).toBe(true);
    expect(parseConfig(["-h"], {}).help).toBe(true);
  });
});

describe("settings that are refused, each in one line", () => {
  it.each([
    [["--lisen", "x"], "--lisen: there is no such setting; did you mean --listen?"],
    [["--speed", "60"], "--speed: there is no such setting; did you mean --simulator-speed?"],
    [["--frobnicate", "1"], "--frobnicate: there is no such setting; --help lists them all"],
    [["start"], "start: settings are given as --name value"],
    [["--database"], "--database: needs a value, --database <path>"],
    [["--database", "--cloud", "aws"], "--database: needs a value, --database <path>"],
    [["--database="], "--database: needs a value, --database <path>"],
    [["--cloud", "aws", "--cloud=aws"], "--cloud: given twice"],
    [["--cloud", "gcp"], '--cloud: "gcp" is not possible; it is one of simulated, aws'],
    [["--resync-seconds", "0"], '--resync-seconds: "0" is not possible; it is a number from 1 to 86400'],
    [["--resync-seconds", "1e3"], '--resync-seconds: "1e3" is not possible; it is a number from 1 to 86400'],
    [
      ["--simulator-speed", "fast"],
      '--simulator-speed: "fast" is not possible; it is a number from 0.01 to 1000',
    ],
    [
      ["--simulator-seed", "1.5"],
      '--simulator-seed: "1.5" is not possible; it is a whole number from 0 to 4294967295',
    ],
    [
      ["--installation", "Prod_1"],
      '--installation: "Prod_1" is not possible; it is up to 63 small letters, digits and hyphens, with a letter or digit at both ends',
    ],
    [
      ["--listen", "8080"],
      '--listen: "8080" is not possible; it is host:port, for example 127.0.0.1:8080 or [::1]:8080',
    ],
    [
      ["--listen", "localhost:70000"],
      '--listen: "localhost:70000" is not possible; it is host:port, for example 127.0.0.1:8080 or [::1]:8080',
    ],
    [
      ["--cloud=aws", "--simulator-speed=60"],
      "--simulator-speed: belongs to the simulated account, and --cloud is aws",
    ],
  ])("%j", (argv, line) => {
    expect(faultOf(argv)).toBe(line);
  });

  it("an unknown variable of ours, with the nearest known one", () => {
    expect(faultOf([], { HOLDFAST_TOKENFILE: "x" })).toBe(
      "HOLDFAST_TOKENFILE: there is no such setting; did you mean HOLDFAST_TOKEN_FILE?",
    );
  });

  it("an impossible variable, by its own name", () => {
    expect(faultOf([], { HOLDFAST_CLOUD: "gcp" })).toMatch(/^HOLDFAST_CLOUD: "gcp"/);
  });
});

describe("the token", () => {
  it("is what its file holds, without the line's end", () => {
    const path = tokenFile("good", "0123456789abcdef\n");
    expect(parseConfig(["--token-file", path], {}).tokens?.entries()).toEqual(tokensIn("0123456789abcdef"));
  });

  it("is demanded as soon as anybody else could connect", () => {
    for (const host of ["0.0.0.0", "[::]", "10.0.0.1", "holdfast.example"]) {
      expect(faultOf(["--listen", `${host}:8080`])).toMatch(/can be reached from outside this machine/);
    }
    for (const host of ["localhost", "127.0.0.53", "[::1]"]) parseConfig(["--listen", `${host}:8080`], {});
    const path = tokenFile("open", "0123456789abcdef");
    parseConfig(["--listen", "0.0.0.0:8080", "--token-file", path], {});
  });

  it.each([
    ["empty", "\n", 0o600, /is empty$/],
    ["short", "secret", 0o600, /line 1: the token has fewer than 16 characters$/],
    ["words", "two words that are long", 0o600, /line 1: a line is "<name> <token>"/],
    ["writable", "0123456789abcdef", 0o602, /can be written by everybody/],
  ])("is refused when its file is %s", (name, text, mode, line) => {
    expect(faultOf(["--token-file", tokenFile(name, text, mode)])).toMatch(line);
  });

  it("is refused when its file cannot be read", () => {
    expect(faultOf([], { HOLDFAST_TOKEN_FILE: join(folder, "none") })).toMatch(
      /^HOLDFAST_TOKEN_FILE: .* cannot be read: ENOENT/,
    );
    expect(faultOf(["--token-file", folder])).toMatch(/cannot be read: EISDIR/);
  });

  it("is never in the line about it", () => {
    expect(faultOf(["--token-file", tokenFile("shown", "canary")])).not.toContain("canary");
  });
});

describe("help and docs", () => {
  it("name every setting, by flag and by variable, with its default", () => {
    for (const name of ["cloud", "listen", "token-file", "installation", "simulator-seed", "log-level"]) {
      expect(helpText()).toContain(`--${name} <`);
      expect(configurationTable()).toContain(`\`--${name}\``);
      const variable = `HOLDFAST_${name.toUpperCase().replaceAll("-", "_")}`;
      expect(helpText()).toContain(variable);
      expect(configurationTable()).toContain(variable);
    }
    expect(helpText()).toContain("127.0.0.1:8080");
  });
});
