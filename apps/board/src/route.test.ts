import { expect, it } from "vitest";
import { deploymentPath, imagePath, parseRoute } from "./route.ts";

it.each([
  ["/", { kind: "board" }],
  ["/history", { kind: "history", search: "?area=a" }],
  ["/performance", { kind: "performance" }],
  ["/areas/staging", { kind: "unknown", path: "/areas/staging" }],
  ["/areas/staging/things/x", { kind: "unknown", path: "/areas/staging/things/x" }],
  ["/%", { kind: "unknown", path: "/%" }],
])("knows the page of %s", (path, route) => {
  expect(parseRoute(path, "?area=a")).toEqual(route);
});

it("finds its way back from its own paths, slashes in names and all", () => {
  expect(parseRoute(imagePath("a b", "team/api"), "")).toEqual({ kind: "image", area: "a b", image: "team/api" });
  expect(parseRoute("/areas/a/images/team/api", "")).toEqual({ kind: "image", area: "a", image: "team/api" });
  expect(parseRoute(deploymentPath("a", "20260101t000000z-1"), "")).toEqual({
    kind: "deployment",
    area: "a",
    deployment: "20260101t000000z-1",
  });
});
