/**
 * Lighthouse, as on a phone, on pages of a newsroom that is being served: the medians of several
 * runs, how far they spread, and whatever audit of the last run is not passed.
 *
 *   npm install
 *   npm run measure -- http://127.0.0.1:8000 / /channels/group-news/ /articles/30/
 *   RUNS=9 CHROME_PATH=/usr/bin/chromium npm run measure -- …
 *
 * Ends with 1 when a median is below 100 or anything moved.
 */
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
// An office network has no way out; a browser that tries to find one takes time from the page.
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const runs = Number(process.env.RUNS ?? 5);
const [site, ...paths] = process.argv.slice(2);

async function measure(address) {
  const chrome = await chromeLauncher.launch({ chromeFlags: FLAGS });
  try {
    const options = { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "error" };
    return (await lighthouse(address, options)).lhr;
  } finally {
    chrome.kill();
  }
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

function notPassed({ audits }) {
  const counted = ["binary", "numeric", "metricSavings"];
  return Object.values(audits)
    .filter(({ score, scoreDisplayMode }) => counted.includes(scoreDisplayMode) && score < 0.9)
    .map(({ id, displayValue }) => (displayValue ? `${id} (${displayValue})` : id));
}

for (const path of paths) {
  const reports = [];
  for (let run = 0; run < runs; run += 1) reports.push(await measure(site + path));
  const scores = CATEGORIES.map((name) =>
    reports.map(({ categories }) => Math.round(categories[name].score * 100)),
  );
  const moved = Math.max(
    ...reports.map(({ audits }) => audits["cumulative-layout-shift"].numericValue),
  );
  const medians = scores.map(median);
  console.log(`${path}  ${CATEGORIES.map((name, at) => `${name} ${medians[at]}`).join("  ")}`);
  console.log(`  performance of each run: ${scores[0].join(" ")}; largest layout shift ${moved}`);
  console.log(`  not passed in the last run: ${notPassed(reports.at(-1)).join(", ") || "nothing"}`);
  if (moved > 0 || medians.some((score) => score < 100)) process.exitCode = 1;
}
