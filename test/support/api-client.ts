/** Holdfast's API as its users have it: requests and answers over HTTP. */
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { WebService } from "../../src/model/object.ts";

const NAMESPACE = "default";

export class ApiClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Posts one manifest or several, and answers with the stored objects. @throws what the daemon said, unless it is 2xx */
  async post(...manifests: object[]): Promise<WebService[]> {
    const body = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
    const answer = await this.request("POST", "/specs", body, "application/json");
    return ((await answer.json()) as { items: WebService[] }).items;
  }

  async get(name: string): Promise<WebService> {
    return (await (await this.request("GET", pathOf(name))).json()) as WebService;
  }

  async list(): Promise<WebService[]> {
    const answer = await this.request("GET", pathOf());
    return ((await answer.json()) as { items: WebService[] }).items;
  }

  async drift(): Promise<DriftEvent[]> {
    const answer = await this.request("GET", "/apis/holdfast.dev/v1/driftevents");
    return ((await answer.json()) as { items: DriftEvent[] }).items;
  }

  /** What is frozen because so much of it went within an hour goes on being deleted. */
  async liftFreezes(): Promise<void> {
    const path = "/apis/holdfast.dev/v1/freezes";
    const { items } = (await (await this.request("GET", path)).json()) as {
      items: { metadata: { name: string } }[];
    };
    for (const { metadata } of items)
      await (await this.request("DELETE", `${path}/${metadata.name}`)).arrayBuffer();
  }

  /** A merge patch. */
  async patch(name: string, change: object): Promise<WebService> {
    const type = "application/merge-patch+json";
    return (await (
      await this.request("PATCH", pathOf(name), JSON.stringify(change), type)
    ).json()) as WebService;
  }

  async remove(name: string): Promise<void> {
    await (await this.request("DELETE", pathOf(name))).arrayBuffer();
  }

  /** @throws what the daemon said, unless it is 2xx */
  async request(method: string, path: string, body?: string, type?: string): Promise<Response> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      ...(type === undefined ? {} : { headers: { "content-type": type } }),
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new RefusedByApi(answer.status, `${method} ${path}: ${await answer.text()}`);
    return answer;
  }
}

export class RefusedByApi extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

export function pathOf(name?: string): string {
  const all = `/apis/holdfast.dev/v1/namespaces/${NAMESPACE}/webservices`;
  return name === undefined ? all : `${all}/${name}`;
}
