import { describe, expect, it } from "vitest";
import {
  type EngineDoing,
  execRefusal,
  explainEngine,
  saysFile,
  saysPathMissing,
  saysProgramMissing,
} from "./engine-problem.ts";

const REFERENCE = `registry.example/111111111111/x@sha256:${"2c".repeat(32)}`;
const READING = `Error: initializing source docker://${REFERENCE}: reading manifest sha256:${"2c".repeat(32)} in registry.example/111111111111/x`;

/** What podman 4.3 and Docker 28 have said of a registry that does so. */
const PULLS = [
  ["image-missing", "a digest that is gone", `${READING}: manifest unknown: Requested image not found`],
  [
    "image-missing",
    "a repository that is gone",
    `${READING}: name unknown: The repository with name 'x' does not exist in the registry with id '111111111111'`,
  ],
  [
    "image-missing",
    "a layer that is gone",
    "Error: reading blob sha256:4310: Error fetching blob: invalid status code from registry 404 (Not Found)",
  ],
  [
    "image-missing",
    "Docker, of a digest that is gone",
    `Error response from daemon: manifest for ${REFERENCE} not found: manifest unknown: Requested image not found`,
  ],
  [
    "login-refused",
    "a policy that does not allow it",
    `${READING}: denied: User: arn:aws:sts::333333333333:assumed-role/x/y is not authorized to perform: ecr:BatchGetImage on resource: arn because no resource-based policy allows the ecr:BatchGetImage action`,
  ],
  [
    "login-refused",
    "a token that has ended",
    `${READING}: denied: Your authorization token has expired. Reauthenticate and try again.`,
  ],
  [
    "login-refused",
    "a login that is not taken",
    `Error: initializing source docker://${REFERENCE}: unable to retrieve auth token: invalid username/password: unauthorized: Not Authorized`,
  ],
  [
    "login-refused",
    "Docker without a login",
    `Error response from daemon: Head "https://${REFERENCE}": no basic auth credentials`,
  ],
  [
    "digest-mismatch",
    "another manifest",
    `Error: determining manifest MIME type for docker://${REFERENCE}: Manifest does not match provided manifest digest sha256:b629`,
  ],
  [
    "digest-mismatch",
    "a layer with other bytes",
    'Error: writing blob: storing blob to file "/var/tmp/storage3471234384/1": gzip: invalid checksum',
  ],
  [
    "digest-mismatch",
    "Docker, of a layer with other bytes",
    `filesystem layer verification failed for digest sha256:${"d2".repeat(32)}`,
  ],
  [
    "digest-mismatch",
    "a layer of other bytes",
    "Error: writing blob: Digest did not match, expected sha256:aa, got sha256:bb",
  ],
  [
    "digest-mismatch",
    "Docker, of a layer",
    "filesystem layer verification failed for digest sha256:aa: failed digest verification",
  ],
  [
    "architecture-mismatch",
    "an index without this machine's",
    `Error: choosing an image from manifest list docker://${REFERENCE}: no image found in image index for architecture amd64, variant "", OS linux`,
  ],
  [
    "architecture-mismatch",
    "Docker, of such an index",
    "no matching manifest for linux/amd64 in the manifest list entries",
  ],
  [
    "disk-full",
    "a full storage",
    'Error: writing blob: adding layer with blob "sha256:b229": processing tar file(write /big: no space left on device): exit status 1',
  ],
  [
    "disk-full",
    "a full folder for temporary files",
    'Error: writing blob: storing blob to file "/var/tmp/storage4123208504/1": write /var/tmp/storage4123208504/1: no space left on device',
  ],
] as const;

const PASSING = [
  [
    "registry-unreachable",
    "nobody who listens",
    `Error: initializing source docker://${REFERENCE}: pinging container registry 127.0.0.1:9: Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused`,
  ],
  ["registry-unreachable", "too much that is asked", `${READING}: toomanyrequests: Rate exceeded`],
  [
    "registry-unreachable",
    "trouble of the registry's own",
    `${READING}: received unexpected HTTP status: 500 Internal Server Error`,
  ],
  [
    "registry-unreachable",
    "a connection that breaks",
    'Error: writing blob: storing blob to file "/var/tmp/storage4246615958/1": happened during read: unexpected EOF',
  ],
  [
    "registry-unreachable",
    "a connection that is closed at once",
    `Error: initializing source docker://${REFERENCE}: pinging container registry registry.example: Get "http://registry.example/v2/": EOF`,
  ],
  [
    "registry-unreachable",
    "Docker without a name server",
    'Error response from daemon: Get "https://x/v2/": dial tcp: lookup x on 169.254.169.253:53: no such host',
  ],
  [
    "engine-missing",
    "Docker without its daemon",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  ],
  [
    "engine-missing",
    "podman without its service",
    "Cannot connect to Podman. Please verify your connection to the Linux system\nError: unable to connect to Podman socket: dial unix /run/none.sock: connect: no such file or directory",
  ],
] as const;

function explain(kind: EngineDoing["kind"], stderr: string) {
  return explainEngine("podman", { kind, what: "do it" }, { code: 125, stderr });
}

describe("a pull that fails", () => {
  it.each(PULLS)("is %s for %s", (code, _, text) => {
    expect(explain("pull", text)).toMatchObject({ code, retryable: false, where: "do it" });
    expect(explain("pull", text).hint).not.toBeUndefined();
  });

  it.each(PASSING)("is %s, and may succeed another time, for %s", (code, _, text) => {
    expect(explain("pull", text)).toMatchObject({ code, retryable: true });
  });

  it.each([
    "Error: pulling dga-404: something new",
    "Error: pulling dga-500/403:429: something new",
    'Error: exec: "newuidmap": executable file not found in $PATH',
    "Error: mkdir /var/lib/containers: permission denied",
  ])("is no known problem where only a name looks like one: %s", (text) => {
    expect(explain("pull", text)).toMatchObject({ code: "engine-failed", found: text, retryable: false });
  });
});

describe("a start that fails", () => {
  it("is of another architecture where the kernel says so", () => {
    expect(explain("start", "exec /bin/terraform: exec format error").code).toBe("architecture-mismatch");
  });

  it("is not explained by words of registries", () => {
    const text =
      'Error: runc: runc create failed: unable to start container process: exec: "tofu": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found';

    expect(explain("start", text)).toMatchObject({
      code: "engine-failed",
      message: "podman could not do it (exit code 125)",
    });
    expect(saysProgramMissing(text, "tofu")).toBe(true);
    expect(explain("start", 'Error: exec: "/module": permission denied: OCI permission denied').code).toBe(
      "engine-failed",
    );
  });

  it.each([
    [
      "/nix",
      'runc create failed: exec: "/nix": stat /nix: no such file or directory: OCI runtime attempted to invoke a command that was not found',
    ],
    [
      "tofu",
      'docker: Error response from daemon: failed to create task: exec: "tofu": executable file not found in $PATH: unknown.',
    ],
    ["tofu", "Error: crun: executable file `tofu` not found in $PATH: No such file or directory: OCI runtime error"],
    ["terraform", "exec /bin/terraform: no such file or directory"],
    ["terraform", "standard_init_linux.go:228: exec user process caused: no such file or directory"],
    [null, 'runc create failed: exec: "/app/apply.sh": stat /app/apply.sh: no such file or directory: unknown'],
    [null, "exec /app/apply.sh: no such file or directory"],
  ])("lacks the program %s that it was to start: %s", (program, text) => {
    expect(saysProgramMissing(text, program)).toBe(true);
  });

  it.each([
    'docker: Error response from daemon: error gathering device information while adding custom device "/dev/kvm": no such file or directory.',
    'Error: runc create failed: error mounting "/var/lib/windlass/x/module" to rootfs at "/module": stat /var/lib/windlass/x/module: no such file or directory',
    "Error: crun: open `/proc/self/oom_score_adj`: No such file or directory: OCI runtime attempted to invoke a command that was not found",
    'Error: exec: "newuidmap": executable file not found in $PATH',
    'Error: could not find "netavark" in one of [/usr/libexec/podman]: no such file or directory',
    'Error: exec: "terraform-helper": executable file not found in $PATH',
  ])("does not lack its program where something else is missing: %s", (text) => {
    expect(saysProgramMissing(text, "terraform")).toBe(false);
  });

  it.each([
    'Error: "/nothere" could not be found on container c3: no such file or directory',
    "Error response from daemon: Could not find the file /nothere in container c3",
  ])("lacks the path that was to be copied: %s", (text) => {
    expect(saysPathMissing(text)).toBe(true);
  });

  it("knows Docker's words for a working directory that is a file", () => {
    expect(saysFile("Error response from daemon: Cannot mkdir: /module/main.tf is not a directory\n")).toBe(true);
    expect(saysFile('Error response from daemon: Conflict. The container name "/x" is already in use')).toBe(false);
  });

  it("tells the kernel's refusal from what a program says itself", () => {
    expect(execRefusal("exec /bin/terraform: exec format error\n")).toBe("exec format error");
    expect(execRefusal("exec /bin/terraform: no such file or directory\n")).toBe("no such file or directory");
    expect(execRefusal("\nError: local-exec\n\nexec /bin/x: exec format error\n")).toBeNull();
    expect(execRefusal("exec /bin/x: exec format error\nError: more\n")).toBeNull();
  });
});

it("quotes the end of a long text", () => {
  const { found = "" } = explain("other", `${"x".repeat(2_000)}the cause\n`);

  expect(found).toHaveLength(1_003);
  expect(found).toMatch(/^\.\.\.x+the cause$/);
});
