/** Certificates of HTTPS listeners, beside the default one. */
import type {
  AddListenerCertificatesCommandInput,
  Certificate,
  DescribeListenerCertificatesCommandInput,
  RemoveListenerCertificatesCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import { type ElbState, elbPage, listenerOf } from "./state.ts";

/** @throws AwsError */
export function knownCertificate({ parts }: Pick<ElbState, "parts">, arn: string | undefined): string {
  if (arn === undefined || !parts.acm.hasCertificate(arn))
    throw new AwsError("CertificateNotFound", `Certificate '${arn}' not found`);
  return arn;
}

export function buildCertificateOperations(state: ElbState): OperationTable {
  return {
    AddListenerCertificates: (input: AddListenerCertificatesCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      const arns = arnsOf(input.Certificates).map((arn) => knownCertificate(state, arn));
      const added = arns.filter((arn) => !listener.certificates.has(arn));
      const siblings = [...state.listeners.values()].filter(
        (one) => one.loadBalancer === listener.loadBalancer,
      );
      const held = siblings.reduce((sum, one) => sum + one.certificates.size, 0);
      if (held + added.length > state.quotas.certificatesPerLoadBalancer) {
        throw new AwsError(
          "TooManyCertificates",
          "The maximum number of certificates of this load balancer has been reached",
        );
      }
      // elb/default-certificate-listed
      for (const arn of added) listener.certificates.add(arn);
      return { Certificates: arns.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
    },
    RemoveListenerCertificates: (input: RemoveListenerCertificatesCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      const arns = arnsOf(input.Certificates);
      // elb/default-certificate-stays
      if (arns.some((arn) => arn === listener.defaultCertificate)) {
        throw new AwsError("OperationNotPermitted", "Default certificate cannot be removed");
      }
      for (const arn of arns) listener.certificates.delete(arn);
      return {};
    },
    DescribeListenerCertificates: (input: DescribeListenerCertificatesCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      const own =
        listener.defaultCertificate === undefined
          ? []
          : [{ CertificateArn: listener.defaultCertificate, IsDefault: true }];
      const others = [...listener.certificates].map((CertificateArn) => ({
        CertificateArn,
        IsDefault: false,
      }));
      const page = elbPage([...own, ...others], (one) => `${one.CertificateArn} ${one.IsDefault}`, input);
      return { Certificates: page.items, NextMarker: page.next };
    },
  };
}

function arnsOf(certificates: readonly Certificate[] | undefined): string[] {
  return (certificates ?? []).map((one) => one.CertificateArn ?? "");
}
