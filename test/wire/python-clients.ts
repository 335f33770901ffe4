/** The unmodified Python clients of AWS, installed once in pinned versions beside the Node packages. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
const CACHE = fileURLToPath(new URL("../../node_modules/.cache", import.meta.url));
const PYTHON = "python3";
/** Real milliseconds: about 200 MB are fetched and unpacked, once. */
export const INSTALL_LIMIT_MS = 600_000;

const pip = spawnSync(PYTHON, ["-m", "pip", "--version"], { encoding: "utf8" });

/** Why the Python clients cannot be had on this machine; `undefined` when they can. */
export const MISSING_PYTHON: string | undefined =
  pip.status === 0 ? undefined : "there is no python3 with pip on this machine";

/** The title of a test, with the reason when it has to be left out. */
export function titled(title: string): string {
  return MISSING_PYTHON === undefined ? title : `${title} (left out: ${MISSING_PYTHON})`;
}

/** The folder that the clients are in. @throws what pip said, when it could not install them */
export async function installPythonClients(): Promise<string> {
  // The line ends in the version of Python, for which the packages are made.
  const key = createHash("sha256").update(readFileSync(REQUIREMENTS)).update(pip.stdout).digest("hex");
  const folder = `${CACHE}/aws-clients-${key.slice(0, 12)}`;
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${folder}-${process.pid}`;
  const options = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"];
  await run(PYTHON, ["-m", "pip", "install", ...options, "--target", unfinished, "-r", REQUIREMENTS], {
    timeout: INSTALL_LIMIT_MS,
  });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another test file was faster; both have the same.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return folder;
}

/** The command and the environment of a Python client that works on the account at `endpoint`, and nowhere else. */
export function pythonClient(folder: string, endpoint: string): { command: string; env: NodeJS.ProcessEnv } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|PYTHON)/.test(name));
  return {
    command: PYTHON,
    env: {
      ...Object.fromEntries(inherited),
      PYTHONPATH: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "somebody",
      AWS_SECRET_ACCESS_KEY: "somebody",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
  };
}
