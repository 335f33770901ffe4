import { pipeline, type Readable, Transform } from "node:stream";
import { LIMITS } from "../model/limits.ts";

/** More bytes than any answer of AWS's has: nothing may be concluded from it, and reading it would stop everything else. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`the answer has more than ${LIMITS.awsAnswerBytes} bytes`);
    this.name = "AnswerTooLarge";
  }
}

interface HttpResponse {
  readonly headers: Record<string, string | undefined>;
  body: Readable;
}

type Handler = (args: unknown) => Promise<{ response: HttpResponse }>;

/** What of an SDK client's middleware stack is used. https://github.com/awslabs/smithy-typescript */
export interface WithMiddleware {
  readonly middlewareStack: {
    add(middleware: (next: Handler) => Handler, options: Record<string, unknown>): void;
  };
}

/** Before the SDK begins to parse an answer, which it does in one go, its bytes are counted. */
export function boundAnswers(client: WithMiddleware): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      bound(result.response);
      return result;
    },
    // The lowest of this step stands next to the wire.
    { step: "deserialize", priority: "low", name: "boundAnswers" },
  );
}

function bound(response: HttpResponse): void {
  const length = Number(response.headers["content-length"]);
  // Node's parser sees to it that no more comes than was said.
  if (length <= LIMITS.awsAnswerBytes) return;
  if (length > LIMITS.awsAnswerBytes) {
    response.body.destroy();
    throw new AnswerTooLarge();
  }
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > LIMITS.awsAnswerBytes) done(new AnswerTooLarge());
      else done(null, chunk);
    },
  });
  // Whoever reads hears of the failure.
  pipeline(response.body, counter, () => undefined);
  response.body = counter;
}
