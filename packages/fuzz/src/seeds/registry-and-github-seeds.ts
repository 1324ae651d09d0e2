import { REGION } from "../sandbox-world.ts";
import { MANIFEST } from "./request-seeds.ts";
import { request } from "./write-request.ts";

type Seeds = readonly [string, ...string[]];

/** Of the account of the requests. */
const TOKEN = Buffer.from(
  JSON.stringify({ payload: `222222222222/${REGION}/0`, version: "2", type: "DATA_KEY", expiration: 9e9 }),
).toString("base64");
export const registry = { authorization: `Basic ${Buffer.from(`AWS:${TOKEN}`).toString("base64")}` };
const EMPTY_BLOB = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

export const DISTRIBUTION_SEEDS: Seeds = [
  request({ path: "/v2/", headers: registry }),
  request({ method: "POST", path: "/v2/222222222222/dga-web/blobs/uploads/", headers: registry }),
  request({
    method: "POST",
    path: "/v2/222222222222/dga-web/blobs/uploads/",
    headers: registry,
    query: { digest: EMPTY_BLOB },
    body: "{}",
  }),
  request({
    method: "PATCH",
    path: "/v2/222222222222/dga-web/blobs/uploads/{upload}",
    headers: { ...registry, "content-range": "0-1" },
    body: "{}",
  }),
  request({
    method: "PUT",
    path: "/v2/222222222222/dga-web/blobs/uploads/{upload}",
    headers: registry,
    query: { digest: EMPTY_BLOB },
    body: "{}",
  }),
  request({
    method: "PATCH",
    path: "/v2/222222222222/dga-web/blobs/uploads/1",
    headers: { ...registry, "content-range": "0-1" },
    body: "{}",
  }),
  request({
    method: "PUT",
    path: "/v2/222222222222/dga-web/manifests/scratch",
    headers: { ...registry, "content-type": MANIFEST.mediaType },
    body: JSON.stringify(MANIFEST),
  }),
  request({ path: "/v2/222222222222/dga-web/manifests/scratch", headers: { ...registry, accept: MANIFEST.mediaType } }),
  request({ method: "HEAD", path: `/v2/222222222222/dga-web/blobs/${EMPTY_BLOB}`, headers: registry }),
  request({ path: "/v2/222222222222/dga-web/tags/list", headers: registry, query: { n: "1", last: "a" } }),
  request({ path: "/v2/222222222222/dga-web/tags/list", headers: registry }),
];

const github = { authorization: "token {token}", accept: "application/vnd.github+json", host: "api.github.com" };
const REPOSITORY = "/_github/api/v3/repos/AusDTO/dga-web";
const SHA = "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";

export const GITHUB_SEEDS: Seeds = [
  request({ path: "/_github/api/v3/meta" }),
  request({ path: "/_github/api/v3/app", headers: { authorization: "Bearer {jwt}" } }),
  request({ path: REPOSITORY, headers: github }),
  request({
    method: "POST",
    path: `${REPOSITORY}/check-runs`,
    headers: github,
    body: JSON.stringify({
      name: "Deploy",
      head_sha: SHA,
      status: "in_progress",
      output: { title: "t", summary: "s" },
    }),
  }),
  request({
    method: "PATCH",
    path: `${REPOSITORY}/check-runs/{check}`,
    headers: github,
    body: JSON.stringify({ status: "completed", conclusion: "success", completed_at: "2026-11-24T09:00:00Z" }),
  }),
  request({
    path: `${REPOSITORY}/commits/${SHA}/check-runs`,
    headers: github,
    query: { check_name: "Deploy", per_page: "100", page: "1" },
  }),
  request({
    method: "POST",
    path: `${REPOSITORY}/deployments`,
    headers: github,
    body: JSON.stringify({ ref: SHA, environment: "Production", auto_merge: false, required_contexts: [] }),
  }),
  request({
    method: "POST",
    path: `${REPOSITORY}/deployments/{deployment}/statuses`,
    headers: github,
    body: JSON.stringify({ state: "success", description: "d" }),
  }),
  request({ path: `${REPOSITORY}/deployments`, headers: github, query: { sha: SHA, environment: "Production" } }),
  request({
    method: "POST",
    path: `${REPOSITORY}/issues`,
    headers: github,
    body: JSON.stringify({ title: "t", body: "b", labels: ["windlass"] }),
  }),
  request({
    method: "PATCH",
    path: `${REPOSITORY}/issues/{issue}`,
    headers: github,
    body: JSON.stringify({ state: "closed", state_reason: "completed" }),
  }),
  request({
    method: "POST",
    path: `${REPOSITORY}/issues/{issue}/comments`,
    headers: github,
    body: JSON.stringify({ body: "c" }),
  }),
  request({
    path: `${REPOSITORY}/issues`,
    headers: github,
    query: { labels: "windlass", state: "all", since: "2026-11-24T09:00:00Z" },
  }),
  request({ path: "/_github/api/v3/rate_limit", headers: github }),
];
