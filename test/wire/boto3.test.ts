import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { itWorksWith, type WireClient } from "./client-facts.ts";
import { installPythonClients, MISSING_PYTHON, pythonClient, titled } from "./python-clients.ts";

const SCRIPT = fileURLToPath(new URL("boto3-calls.py", import.meta.url));

describe.skipIf(MISSING_PYTHON !== undefined)(titled("the unmodified boto3"), () => {
  itWorksWith(async (endpoint): Promise<WireClient> => {
    const { command, env } = pythonClient(await installPythonClients(), endpoint);
    const child = spawn(command, [SCRIPT], { env, stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      async call(service, operation, input) {
        child.stdin.write(`${JSON.stringify({ service, operation, input })}\n`);
        const { value, done } = await answers.next();
        if (done) throw new Error("boto3 has ended");
        const { output, error } = JSON.parse(value) as { output?: object; error?: string };
        if (error !== undefined) throw new Error(error);
        return output;
      },
      close: () => child.stdin.end(),
    };
  });
});
