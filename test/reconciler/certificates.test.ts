import { describe, expect, it } from "vitest";
import { exampleSpec, type Installation } from "../support/installation.ts";
import { addFault, arnOf, converged, type Draft, driftEvents, somebody, specWith } from "./world.ts";

const ELB = "elasticloadbalancing";
const L443 = "loadBalancer.listeners.443";
const [ABC, DEF] = ["abc-123", "def-456"].map(
  (id) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`,
) as [string, string];

const withCertificates = (...certificates: string[]): Draft =>
  specWith((spec) => {
    spec.loadBalancer.listeners[1]!.certificates = certificates;
  });

/** Every certificate that the listener has, the default one first. */
async function onListener(installation: Installation): Promise<string[]> {
  const input = { ListenerArn: arnOf(installation, L443) };
  const { Certificates } = await somebody(installation, `${ELB}:DescribeListenerCertificates`, input);
  return Certificates.map((entry) => String(entry.CertificateArn));
}

/** What a changed spec does to AWS, once it stands again. */
async function change(installation: Installation, spec: Draft): Promise<string[]> {
  const before = installation.mutations().length;
  installation.post(spec);
  await installation.untilReady();
  await installation.clock.advance(600_000);
  expect(driftEvents(installation)).toEqual([]);
  return installation
    .mutations()
    .slice(before)
    .map((operation) => operation.replace(`${ELB}:`, ""));
}

describe("the certificates of a listener", () => {
  it("are all there while default and additional one change places, also while AWS refuses a call", async () => {
    const installation = await converged(withCertificates(ABC, DEF));
    addFault(
      installation,
      `${ELB}:AddListenerCertificates`,
      { kind: "error", code: "Throttling", message: "Rate exceeded", status: 400 },
      { times: 4 },
    );
    installation.post(withCertificates(DEF, ABC));
    for (let second = 0; second < 180; second += 1) {
      await installation.clock.advance(1_000);
      expect(new Set(await onListener(installation))).toEqual(new Set([ABC, DEF]));
    }
    await installation.untilReady();
    expect((await onListener(installation))[0]).toBe(DEF);
  });

  it("come before the default one moves, and go after it", async () => {
    const installation = await converged(withCertificates(ABC, DEF));
    expect(await change(installation, withCertificates(DEF, ABC))).toEqual([
      "AddListenerCertificates",
      "ModifyListener",
    ]);
    expect(await change(installation, withCertificates(ABC))).toEqual([
      "ModifyListener",
      "RemoveListenerCertificates",
    ]);
    expect(await onListener(installation)).toContain(ABC);
    expect(await onListener(installation)).not.toContain(DEF);
  });

  it("do not keep the former default one, where AWS leaves it in the list", async () => {
    const installation = await converged(withCertificates(ABC));
    const ListenerArn = arnOf(installation, L443);
    // As though ModifyListener did it.
    await somebody(installation, `${ELB}:AddListenerCertificates`, {
      ListenerArn,
      Certificates: [{ CertificateArn: ABC }],
    });
    expect(await change(installation, withCertificates(DEF))).toEqual([
      "ModifyListener",
      "RemoveListenerCertificates",
    ]);
    expect(await onListener(installation)).toEqual([DEF]);
  });

  it("may stand in the list and be the default one", async () => {
    const installation = await converged(withCertificates(ABC));
    await somebody(installation, `${ELB}:AddListenerCertificates`, {
      ListenerArn: arnOf(installation, L443),
      Certificates: [{ CertificateArn: ABC }],
    });
    await installation.clock.advance(300_000);
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("are taken by AWS where HTTPS becomes HTTP, and given after it has become HTTPS again", async () => {
    const installation = await converged(withCertificates(ABC, DEF));
    const plain = specWith((spec) => {
      spec.loadBalancer.listeners[1]!.protocol = "HTTP";
      delete spec.loadBalancer.listeners[1]!.certificates;
    });
    expect(await change(installation, plain)).toEqual(["ModifyListener"]);
    expect(await change(installation, withCertificates(ABC, DEF))).toEqual([
      "ModifyListener",
      "AddListenerCertificates",
    ]);
  });

  it("need not be on the listener to be taken off", async () => {
    const installation = await converged(exampleSpec());
    addFault(installation, `${ELB}:RemoveListenerCertificates`, {
      kind: "error",
      code: "CertificateNotFound",
      message: "The specified certificate is not on the listener",
    });
    expect(await change(installation, withCertificates(DEF))).toEqual([
      "ModifyListener",
      "RemoveListenerCertificates",
    ]);
    expect(installation.condition("Synced")?.status).toBe("True");
  });
});
