/** What stands in the way of starting is one line for the operator, and exit code 2. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess, runToEnd } from "../support/daemon-process.ts";

const FREE_PORTS = ["--listen", "127.0.0.1:0", "--simulator-listen", "127.0.0.1:0"];

let folder: string;
let occupier: Server;
let occupied: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-start-up-"));
  occupier = createServer();
  await new Promise<void>((resolve) => occupier.listen(0, "127.0.0.1", resolve));
  const address = occupier.address();
  occupied = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(async () => {
  await new Promise((resolve) => occupier.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A database file as the daemon leaves it, and then spoilt. */
async function spoilt(name: string, spoil: (path: string) => void): Promise<string> {
  const path = join(folder, name);
  const daemon = await DaemonProcess.start(["--simulator-listen", "127.0.0.1:0", "--database", path]);
  expect(await daemon.stop()).toBe(0);
  spoil(path);
  return path;
}

async function faultOf(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(args, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^holdfast: [^\n]+\n$/);
  return stderr.slice("holdfast: ".length, -1);
}

describe("the daemon does not start, and says why in one line,", { timeout: 120_000 }, () => {
  it("with a setting that there is not", async () => {
    expect(await faultOf(["--lisen", "127.0.0.1:0"])).toBe(
      "--lisen: there is no such setting; did you mean --listen?",
    );
    expect(await faultOf(FREE_PORTS, { HOLDFAST_DATABSE: "x" })).toMatch(/HOLDFAST_DATABASE/);
  });

  it("with a value that cannot be", async () => {
    expect(await faultOf(["--resync-seconds", "0"])).toBe(
      '--resync-seconds: "0" is not possible; it is a number from 1 to 86400',
    );
  });

  it.each(["--listen", "--simulator-listen"])("when the port of %s is taken", async (flag) => {
    const args = ["--database", ":memory:", ...FREE_PORTS];
    args[args.indexOf(flag) + 1] = occupied;
    expect(await faultOf(args)).toBe(`${flag}: ${occupied} is in use by another process`);
  });

  it("when it could be reached from outside and has no token", async () => {
    expect(await faultOf(["--listen", "0.0.0.0:0"])).toMatch(/^--listen: 0\.0\.0\.0:0 .*--token-file/);
  });

  it("when its database is a folder", async () => {
    const path = join(folder, "folder");
    mkdirSync(path);
    expect(await faultOf([...FREE_PORTS, "--database", path])).toBe(
      `database ${path}: it is a folder, not a file`,
    );
  });

  it("when its database is no database", async () => {
    const path = join(folder, "garbage.db");
    writeFileSync(path, "this is no database\n".repeat(500));
    expect(await faultOf([...FREE_PORTS, "--database", path])).toMatch(/not an SQLite database/);
  });

  it("when its database is torn", async () => {
    const path = await spoilt("torn.db", (file) => {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xff, 4_096 * 2, 4_096 * 9));
    });
    expect(await faultOf([...FREE_PORTS, "--database", path])).toMatch(/the file is corrupt/);
  });

  it("when its database is of a newer Holdfast", async () => {
    const path = await spoilt("newer.db", (file) => {
      const database = new Database(file);
      database.pragma("user_version = 99");
      database.close();
    });
    expect(await faultOf([...FREE_PORTS, "--database", path])).toMatch(/written by a newer Holdfast/);
  });

  it("when its database can only be read", async () => {
    const path = await spoilt("read-only.db", (file) => {
      const bytes = readFileSync(file);
      // A write version that SQLite does not know makes a file read-only, even for root. https://www.sqlite.org/fileformat.html
      bytes[18] = 3;
      writeFileSync(file, bytes);
    });
    expect(await faultOf([...FREE_PORTS, "--database", path])).toMatch(/the file or its folder is read-only/);
  });

  it("when a call of its seed file is refused", async () => {
    const path = join(folder, "seed.yaml");
    const template = { LaunchTemplateName: "web", LaunchTemplateData: { ImageId: "ami-12345678" } };
    const calls = [1, 2].map(() => ({ call: "ec2:CreateLaunchTemplate", input: template }));
    writeFileSync(path, JSON.stringify(calls));
    const args = ["--database", ":memory:", ...FREE_PORTS, "--simulator-seed-file", path];
    expect(await faultOf(args)).toBe(
      `seed file ${path}: call 2, ec2:CreateLaunchTemplate: InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.`,
    );
  });

  it("when its seed file cannot be read, or the account is AWS's", async () => {
    const path = join(folder, "none.yaml");
    const seeded = ["--simulator-seed-file", path];
    expect(await faultOf(["--database", ":memory:", ...FREE_PORTS, ...seeded])).toMatch(
      /^seed file .*none\.yaml: cannot be read: ENOENT/,
    );
    expect(await faultOf(["--cloud", "aws", ...seeded])).toBe(
      "--simulator-seed-file: belongs to the simulated account, and --cloud is aws",
    );
  });

  it("while another daemon works on the same file, which anybody may read meanwhile", async () => {
    const path = join(folder, "shared.db");
    const first = await DaemonProcess.start(["--simulator-listen", "127.0.0.1:0", "--database", path]);
    try {
      expect(await faultOf([...FREE_PORTS, "--database", path])).toMatch(
        /another Holdfast daemon is using it/,
      );
      const reader = new Database(path, { readonly: true });
      expect(reader.prepare("SELECT count(*) FROM objects").pluck().get()).toBe(0);
      reader.close();
      expect(await new ApiClient(first.url).list()).toEqual([]);
    } finally {
      expect(await first.stop()).toBe(0);
    }
  });
});

describe("--help", { timeout: 60_000 }, () => {
  it("lists every setting that there is, and ends well", async () => {
    const { code, stdout, stderr } = await runToEnd(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { help, tokens, retention, ...settings } = parseConfig([], {});
    const flags = Object.keys(settings).map(
      (name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    );
    const kept = ["--drift-retention-days", "--drift-events", "--status-history-days", "--status-history"];
    expect(Object.keys(retention)).toHaveLength(kept.length);
    for (const flag of [...flags, ...kept, "--token-file", "--help"])
      expect(stdout).toContain(`${flag} `.trimEnd());
    expect([help, tokens]).toEqual([false, undefined]);
  });
});
