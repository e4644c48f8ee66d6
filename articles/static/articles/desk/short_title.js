// A short title made out of the title: whole phrases, never half a word where it can be helped.
//
// One line of tries, from the best to the worst; the first that fits is offered:
// 1. the title as it is;
// 2. without the label in front (【…】, 图片新闻｜, 快讯：), then without titles of honour before a
//    name (集团党委书记、董事长王建 → 王建) and the word 公司 in full names of units;
// 3. as many phrases from the start as fit; phrases are what spaces join;
// 4. as many parts of the first phrase as fit; parts end at punctuation, and nothing is cut
//    within “ ” 《 》 （ ）;
// 5. a later phrase that fits, the longest;
// 6. the beginning up to a mark or 暨, when it fills half of the room: nothing is cut within a
//    phrase while that will do;
// 7. as many words of the beginning as fit, where the browser knows words.

import { displayWidth } from "./widths.js";

const LABEL = /^(?:【[^】]*】|\[[^\]]*\]|[^\s｜|：:]{2,6}[｜|]|(?:快讯|图片新闻|简讯|组图)[：:])\s*/u;
// Posts, possibly several, in front of a name: what is left says who it is all the same.
const POST =
  "(?:党委|党组|纪委|工会|集团|公司|省|市)*(?:常务|第一|专职)?副?" +
  "(?:书记|董事长|总经理|总裁|主席|主任|部长|局长|厅长|省长|市长|总工程师|总会计师|校长|院长)";
const HONOURS = new RegExp(`${POST}(?:[、兼，]${POST})*(?=[\\p{Script=Han}]{2})`, "gu");
const UNITS = /(集团|矿业|能源|煤业|股份)有限(?:责任)?公司/gu;
const BORDER = /[，、；：。！？,;:!?·—–…]+/u;
const PAIRS = { "“": "”", "‘": "’", "《": "》", "（": "）", "「": "」" };
// A shorter stump says nothing.
const LEAST = 8;

/** Whether no bracket or quotation mark is left open or closed alone. */
function isWhole(text) {
  const open = [];
  for (const character of text) {
    if (PAIRS[character]) open.push(PAIRS[character]);
    else if (Object.values(PAIRS).includes(character) && open.pop() !== character) return false;
  }
  return open.length === 0;
}

/** The longest beginning made of whole pieces that fits, without punctuation at its end. */
function beginning(pieces, room) {
  let [line, best] = ["", ""];
  for (const piece of pieces) {
    line += piece;
    const tidy = line.replace(new RegExp(`(?:${BORDER.source}|\\s)+$`, "u"), "");
    if (displayWidth(tidy) > room) break;
    if (tidy && isWhole(tidy)) best = tidy;
  }
  return displayWidth(best) >= LEAST ? best : "";
}

function partsOf(phrase) {
  return phrase.split(new RegExp(`(?<=${BORDER.source})(?!${BORDER.source})`, "u"));
}

/** The pieces between marks, quotation marks too, and 暨; what follows （…） still belongs to it. */
function piecesOf(phrase) {
  const [opening, closing] = [Object.keys(PAIRS).join(""), "”’》」"];
  const border = BORDER.source;
  return phrase.split(
    new RegExp(`(?<=${border}|[${closing}])(?!${border}|[${closing}])|(?=[${opening}]|暨|以及)`, "u"),
  );
}

function wordsOf(phrase) {
  if (!("Segmenter" in Intl)) return [phrase];
  const words = new Intl.Segmenter("zh", { granularity: "word" }).segment(phrase);
  return [...words].map(({ segment }) => segment);
}

/** A short title of at most `room` half columns; "" when the title offers none. */
export function suggestShortTitle(title, room) {
  const fits = (text) => text && displayWidth(text) <= room;
  const line = title.replace(/\s+/gu, " ").trim();
  if (fits(line)) return line;
  const bare = line.replace(LABEL, "");
  if (fits(bare)) return bare;
  const plain = bare.replace(HONOURS, "").replace(UNITS, "$1");
  if (fits(plain)) return plain;
  const phrases = plain.split(" ");
  const halfFull = (text) => (displayWidth(text) >= room / 2 ? text : "");
  return (
    beginning(phrases.map((phrase) => `${phrase} `), room) ||
    beginning(partsOf(phrases[0]), room) ||
    phrases
      .filter((phrase) => fits(phrase) && displayWidth(phrase) >= LEAST && isWhole(phrase))
      .sort((one, other) => displayWidth(other) - displayWidth(one))[0] ||
    halfFull(beginning(piecesOf(phrases[0]), room)) ||
    beginning(wordsOf(phrases[0]), room)
  );
}
