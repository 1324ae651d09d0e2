/** What a deploy instance boots with. Every value is known when it is rendered: a placeholder of a template is refused. */
export interface BootOptions {
  readonly area: string;
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string;
  /** Name of the Auto Scaling group. */
  readonly deployGroup: string;
  /** ARN of the role that Terraform gets. */
  readonly applyRole: string;
  readonly architecture: "x86_64" | "arm64";
  /** Installed with dnf where the image has none. Amazon Linux 2023 has a package of Docker, and none of Podman. */
  readonly engine: "docker" | "podman";
  /** The runner's bundle: one `.mjs` file. */
  readonly runner: BootFile;
  /** A `.tar.gz` with the program `node`, for that architecture, at its top. */
  readonly node: BootFile;
  /**
   * Release of Amazon Linux 2023 that packages come from, such as `2023.9.20251117`: it fixes the version of each. Null:
   * the release of the instance's image, to which dnf is locked.
   */
  readonly release: string | null;
  /** How long the runner may run at all; sensibly the longest `timeout` of the area's images and an hour. */
  readonly hardLimitSeconds: number;
}

/** An object that the instance's role may read. */
export interface BootFile {
  readonly bucket: string;
  readonly key: string;
  /** 64 hexadecimal digits, compared before the file is used. */
  readonly sha256: string;
}
