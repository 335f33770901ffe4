/** The simulated account over HTTP: AWS's protocols at the root, a route for people under `/_simulator/`. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LIMITS } from "../../model/limits.ts";
import { isOfForeignPage, isPrivateHost } from "../../model/own-host.ts";
import { AwsError } from "../account/aws-error.ts";
import { uuidFrom } from "../account/ids.ts";
import type { Account } from "../account.ts";
import { answerControl } from "../faults/control.ts";
import type { ControlOptions } from "../faults/control-action.ts";
import { AnswerDamaged, AnswerLost } from "../faults/interceptors.ts";
import {
  type HttpAnswer,
  type HttpRequest,
  RefusedRequest,
  readRequest,
  type WireCall,
  writeAnswer,
  writeError,
} from "./http.ts";

export interface ServeOptions extends ControlOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface AccountServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws the operating system's error when the address cannot be listened on */
export async function serveAccount(account: Account, options: ServeOptions): Promise<AccountServer> {
  const server = createServer((request, response) => {
    answerTo(account, options, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === "IPv6" ? `[${address}]` : address;
  const url = `http://${host}:${port}`;
  account.serveAt(url);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(
  account: Account,
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Clients would set their clocks by the date, and this account lives in a time of its own.
  response.sendDate = false;
  if (isFromForeignPage(request)) return send(response, foreign(), true);
  const body = await bodyOf(request);
  if (body === undefined) return send(response, tooLarge(), true);
  const http: HttpRequest = {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    headers: request.headers,
    body,
  };
  const control = await answerControl(account, options, http);
  if (control !== undefined) return send(response, control);
  const requestId = uuidFrom(account.context);
  let call: WireCall;
  try {
    call = readRequest(http, LIMITS.bodyBytes);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return send(response, writeError(error.envelope, error.error, requestId));
  }
  const sourceAddress = request.socket.remoteAddress?.replace(/^::ffff:/, "");
  const answer = await perform(account, call, { requestId, sourceAddress });
  if (answer === undefined) response.destroy();
  else send(response, answer);
}

/** `undefined` when no answer may be given. */
async function perform(
  account: Account,
  call: WireCall,
  { requestId, sourceAddress }: { requestId: string; sourceAddress: string | undefined },
): Promise<HttpAnswer | undefined> {
  try {
    const output = await account.call(call.service.name, call.operation.name, call.input, {
      requestId,
      ...(call.accessKeyId !== undefined && { accessKeyId: call.accessKeyId }),
      ...(call.userAgent !== undefined && { userAgent: call.userAgent }),
      ...(sourceAddress !== undefined && { sourceAddress }),
    });
    return writeAnswer(call, output, requestId);
  } catch (error) {
    if (error instanceof AwsError) return writeError(call, error, requestId);
    if (error instanceof AnswerLost) return undefined;
    if (error instanceof AnswerDamaged)
      return damaged(writeAnswer(call, error.output, requestId), error.body);
    return writeError(
      call,
      new AwsError("InternalFailure", "The request processing has failed", 500),
      requestId,
    );
  }
}

function damaged(answer: HttpAnswer, how: AnswerDamaged["body"]): HttpAnswer {
  switch (how) {
    case "empty":
      return { ...answer, body: new Uint8Array() };
    case "truncated":
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
    case "garbage":
      return {
        ...answer,
        headers: { "content-type": "text/html" },
        body: Buffer.from("<html><body>Bad gateway"),
      };
  }
}

/** `undefined` when it is larger than allowed; then not all of it has been read. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LIMITS.bodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The account lets anybody in, and AWS's query protocol is a form post, which a browser sends for any page: so it answers
 * to no name that somebody else gives out, and to no page of another origin.
 */
function isFromForeignPage({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (host !== undefined && !isPrivateHost(host)) return true;
  return isOfForeignPage({ site: typeof site === "string" ? site : undefined, origin, host });
}

function foreign(): HttpAnswer {
  const text =
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>The simulated account answers to localhost, an IP address or a name without a dot in the Host header, and to no web page of another origin</Message></Error></ErrorResponse>";
  return { status: 403, headers: { "content-type": "text/xml" }, body: Buffer.from(text) };
}

function tooLarge(): HttpAnswer {
  const text = `<ErrorResponse><Error><Type>Sender</Type><Code>RequestEntityTooLarge</Code><Message>The request is larger than ${LIMITS.bodyBytes} bytes</Message></Error></ErrorResponse>`;
  return { status: 413, headers: { "content-type": "text/xml" }, body: Buffer.from(text) };
}

function send(response: ServerResponse, answer: HttpAnswer, isLast = false): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": String(answer.body.length),
    ...(isLast && { connection: "close" }),
  });
  response.end(answer.body);
}
