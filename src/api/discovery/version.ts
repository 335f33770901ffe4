/**
 * The answer of `/version` in Kubernetes's form, which its clients read: `gitVersion` is a semantic version behind a "v".
 * What is not known stays empty. https://pkg.go.dev/k8s.io/apimachinery/pkg/version#Info
 */
export function kubernetesVersion(
  version: string,
  { version: node, platform, arch }: { version: string; platform: string; arch: string },
): Record<string, string> {
  const [major = "", minor = ""] = version.split(".");
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "",
    goVersion: "",
    compiler: `node ${node}`,
    platform: `${platform}/${arch === "x64" ? "amd64" : arch}`,
    version,
    node,
  };
}
