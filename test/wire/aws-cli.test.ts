import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe } from "vitest";
import { itWorksWith, type WireClient } from "./client-facts.ts";
import { installPythonClients, MISSING_PYTHON, pythonClient, titled } from "./python-clients.ts";

const run = promisify(execFile);

describe.skipIf(MISSING_PYTHON !== undefined)(titled("the unmodified AWS CLI"), () => {
  itWorksWith(async (endpoint): Promise<WireClient> => {
    const { command, env } = pythonClient(await installPythonClients(), endpoint);
    return {
      async call(service, operation, input) {
        const options = Object.entries(input).flatMap(([member, value]) => [
          // A flag has no value.
          `--${value === false ? "no-" : ""}${kebabOf(member)}`,
          ...(typeof value === "boolean" ? [] : Array.isArray(value) ? value : [value]).map((one) =>
            typeof one === "object" ? JSON.stringify(one) : String(one),
          ),
        ]);
        // Of SQS the CLI's first version calls a host of AWS's, whatever the environment says.
        const where = service === "sqs" ? ["--endpoint-url", endpoint] : [];
        const args = ["-m", "awscli", ...where, service, kebabOf(operation), "--output", "json", ...options];
        const { stdout } = await run(command, args, { env });
        return stdout === "" ? {} : JSON.parse(stdout);
      },
      close: () => undefined,
    };
  });
});

/** As the CLI names AWS's operations and members: `TargetGroupArns` is `target-group-arns`. */
function kebabOf(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, "-").toLowerCase();
}
