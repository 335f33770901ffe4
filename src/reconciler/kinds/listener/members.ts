import { actionMembers } from "../action/members.ts";
import { elsewhere, held, type MemberTable, notSupported, records } from "../coverage/member-table.ts";

const MUTUAL_TLS = "the spec has no mutual TLS yet";

/** docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html */
export const listenerMembers: MemberTable = {
  answers: [
    {
      operation: "elasticloadbalancing:DescribeListeners",
      at: "Listeners",
      rules: {
        ...held("port", "Port"),
        ...held("protocol", "Protocol"),
        ...held("sslPolicy", "SslPolicy"),
        ...held("defaultCertificate", "Certificates[].CertificateArn"),
        ...actionMembers("DefaultActions", "defaultAction"),
        ...records("ListenerArn", "Certificates[].IsDefault"),
        ...elsewhere("it sits on it", "LoadBalancerArn"),
        ...notSupported({ AlpnPolicy: undefined }, "only TLS listeners of Network Load Balancers have it"),
        // docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_MutualAuthenticationAttributes.html
        ...notSupported(
          {
            "MutualAuthentication.Mode": "off",
            "MutualAuthentication.TrustStoreArn": undefined,
            "MutualAuthentication.IgnoreClientCertificateExpiry": false,
            "MutualAuthentication.AdvertiseTrustStoreCaNames": "off",
          },
          MUTUAL_TLS,
        ),
        ...records("MutualAuthentication.TrustStoreAssociationStatus"),
      },
    },
    {
      operation: "elasticloadbalancing:DescribeListenerCertificates",
      at: "Certificates",
      rules: {
        ...held("additionalCertificates", "CertificateArn"),
        ...records("IsDefault"),
      },
    },
  ],
  inputs: [
    {
      operation: "elasticloadbalancing:CreateListener",
      rules: held("tags", "Tags[].Key", "Tags[].Value"),
    },
    { operation: "elasticloadbalancing:ModifyListener", rules: {} },
  ],
  ownCalls: {
    attributes: {
      what: "listener attributes",
      write: "elasticloadbalancing:ModifyListenerAttributes",
      unread: "elasticloadbalancing:DescribeListenerAttributes",
    },
  },
};
