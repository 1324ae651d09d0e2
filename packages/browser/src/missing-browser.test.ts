import { expect, it } from "vitest";
import { missingBrowser } from "./missing-browser.ts";

it("names the browsers that are not on the PATH", () => {
  expect(missingBrowser("/nowhere")).toBe("not on the PATH: chromium, or chromium-browser, or google-chrome");
});
