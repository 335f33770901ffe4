/** Which certificates each listener has, learnt from the calls alone. */
import type { Call } from "../../../src/simulator/faults/interceptors.ts";

interface Held {
  byDefault: string | undefined;
  readonly list: Set<string>;
}

interface Certificate {
  CertificateArn?: string;
}

export class Certificates {
  readonly #held = new Map<string, Held>();

  /** All that a listener has, the default one among them. */
  of(listenerArn: string): string[] {
    const { byDefault, list = [] } = this.#held.get(listenerArn) ?? {};
    return [...new Set([...(byDefault === undefined ? [] : [byDefault]), ...list])];
  }

  /** After the effect of anybody's call. */
  learn({ operation, input }: Call, output: object): void {
    const { ListenerArn: given = "", Certificates: named = [] } = input as {
      ListenerArn?: string;
      Certificates?: Certificate[];
    };
    const arns = named.map(({ CertificateArn = "" }) => CertificateArn);
    switch (operation) {
      case "CreateListener":
      case "ModifyListener": {
        const { Listeners = [] } = output as {
          Listeners?: { ListenerArn?: string; Protocol?: string; Certificates?: Certificate[] }[];
        };
        for (const { ListenerArn = given, Protocol, Certificates: shown = [] } of Listeners) {
          const held = this.#heldBy(ListenerArn);
          held.byDefault = shown[0]?.CertificateArn;
          if (Protocol === "HTTP") held.list.clear();
        }
        break;
      }
      case "AddListenerCertificates":
        for (const arn of arns) this.#heldBy(given).list.add(arn);
        break;
      case "RemoveListenerCertificates":
        for (const arn of arns) this.#heldBy(given).list.delete(arn);
        break;
    }
  }

  #heldBy(listenerArn: string): Held {
    const known = this.#held.get(listenerArn);
    if (known !== undefined) return known;
    const held: Held = { byDefault: undefined, list: new Set() };
    this.#held.set(listenerArn, held);
    return held;
  }
}
