import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it } from "vitest";
import { world } from "./support.ts";

describe("bytes that are no HTTP request", () => {
  it.each([
    ["no method", "NONSENSE\r\n\r\n", 400, "BadRequest"],
    ["a header without a name", "GET / HTTP/1.1\r\n: x\r\n\r\n", 400, "BadRequest"],
    [
      "two lengths",
      "POST /specs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
      400,
      "BadRequest",
    ],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
      431,
      "RequestHeaderFieldsTooLarge",
    ],
  ])("are answered with a Status: %s", async (_what, bytes, code, reason) => {
    const { app } = world();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    socket.write(bytes);
    await once(socket, "close");
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `));
    expect(head).toContain("Content-Type: application/json");
    expect(JSON.parse(body)).toMatchObject({ kind: "Status", status: "Failure", code, reason });
  });
});
