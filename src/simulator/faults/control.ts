/** The route under `/_simulator/`: JSON for people, demos and tests that want something to happen. */
import { AwsError } from "../account/aws-error.ts";
import type { Account } from "../account.ts";
import type { HttpAnswer, HttpRequest } from "../wire/http.ts";
import type { ControlAction, ControlOptions } from "./control-action.ts";
import { CONTROL_ACTIONS } from "./control-actions.ts";
import { ControlError } from "./control-input.ts";

const ROOT = "/_simulator/";

/** `undefined` when the request is not for this route. */
export async function answerControl(
  account: Account,
  options: ControlOptions,
  request: HttpRequest,
): Promise<HttpAnswer | undefined> {
  const [path = "/"] = request.url.split("?");
  if (request.method === "GET" && request.url === "/")
    return json(200, { message: `AWS endpoint of a simulated account. What can be done to it: GET ${ROOT}` });
  if (!`${path}/`.startsWith(ROOT)) return undefined;
  const name = path.slice(ROOT.length);
  if (name === "") return request.method === "GET" ? json(200, help()) : refuse(405, "use GET");
  const action = Object.hasOwn(CONTROL_ACTIONS, name) ? CONTROL_ACTIONS[name] : undefined;
  if (action === undefined) return refuse(404, `there is no '${name}': GET ${ROOT} lists what can be done`);
  if (request.method !== action.method) return refuse(405, `use ${action.method}`);
  try {
    return json(200, await action.run(account, action.method === "POST" ? inputOf(request) : {}, options));
  } catch (error) {
    if (error instanceof ControlError) return refuse(error.status, error.message);
    if (error instanceof AwsError) return refuse(/NotFound/.test(error.code) ? 404 : 400, error.message);
    throw error;
  }
}

/**
 * A page in a browser cannot send this content type across origins unasked, so that no website can
 * reach a simulated account on the reader's own machine.
 */
function inputOf(request: HttpRequest): Readonly<Record<string, unknown>> {
  const type = String(request.headers["content-type"] ?? "");
  if (!/^application\/json\b/i.test(type))
    throw new ControlError("send JSON with content-type application/json", 415);
  try {
    const value: unknown = JSON.parse(Buffer.from(request.body).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below, as for JSON that is not an object.
  }
  throw new ControlError("the body must be a JSON object", 400);
}

function help(): object {
  const describe = ([name, action]: [string, ControlAction]): object => ({
    do: `${action.method} ${ROOT}${name}`,
    what: action.what,
    ...(action.example !== undefined && { example: action.example }),
  });
  return { actions: Object.entries(CONTROL_ACTIONS).map(describe) };
}

function refuse(status: number, message: string): HttpAnswer {
  return json(status, { error: message });
}

function json(status: number, value: unknown): HttpAnswer {
  const body = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { status, headers: { "content-type": "application/json" }, body };
}
