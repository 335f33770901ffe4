import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the endpoint does with a request; `action` is the operation's name, without the service. */
export type Behaviour = (
  reply: ServerResponse,
  request: { action: string; message: IncomingMessage },
) => void;

/** An AWS endpoint that answers as it is told: fixed bytes, or no answer at all. */
export class WireEndpoint {
  readonly #server: Server;
  /** The operations that arrived, in order. */
  readonly arrived: string[] = [];
  behaviour: Behaviour = answer(500, "");

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<WireEndpoint> {
    const server = createServer();
    const endpoint = new WireEndpoint(server);
    server.on("request", async (message: IncomingMessage, reply: ServerResponse) => {
      let body = "";
      for await (const chunk of message) body += String(chunk);
      const target = message.headers["x-amz-target"];
      const action = String(target ?? "").split(".")[1] ?? new URLSearchParams(body).get("Action") ?? "";
      endpoint.arrived.push(action);
      endpoint.behaviour(reply, { action, message });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A whole answer, with the request id that AWS gives to each. */
export function answer(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  const type = body.startsWith("<") ? "text/xml" : "application/x-amz-json-1.0";
  return (reply) => {
    reply.writeHead(status, { "x-amzn-requestid": "request-1", "content-type": type, ...headers }).end(body);
  };
}

/** An error as the Query APIs (Elastic Load Balancing, Auto Scaling) put it. */
export function queryError(status: number, code: string, message = "no"): Behaviour {
  return answer(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`,
  );
}

/** An error as EC2 puts it. */
export function ec2Error(status: number, code: string): Behaviour {
  return answer(
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>request-1</RequestID></Response>`,
  );
}

export const NO_LOAD_BALANCERS =
  "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers/></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>";
