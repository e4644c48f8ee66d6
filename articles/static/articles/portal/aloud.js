/**
 * Reads a story aloud where the browser has a Chinese voice.
 *
 *   <article class="story"> … </article>
 *   <button data-read-aloud data-stop="Stop reading">Read aloud</button>
 *
 * The button keeps its place and is seen once there is a voice. Stopped, it goes on with the
 * same sentence. Read sentence by sentence: browsers break off what takes longer than 15 seconds.
 */
const BLOCKS = "h1, .subtitle, .body p, .body h2, .body h3, .body li, .body figcaption";
const SENTENCE = /[^。！？；!?]+[。！？；!?”’』」）)]*/g;

const button = document.querySelector("[data-read-aloud]");
const synthesis = window.speechSynthesis;
let voice;

/** [block, sentence], in order; of a list within a list the innermost blocks only. */
function sentences() {
  return [...document.querySelectorAll(BLOCKS)]
    .filter((block) => block.closest(".story") && !block.querySelector("p, li"))
    .flatMap((block) => (block.textContent.match(SENTENCE) ?? []).map((words) => [block, words]))
    .filter(([, words]) => words.trim());
}

function offer() {
  const chinese = synthesis.getVoices().filter(({ lang }) => /^(zh|cmn)/i.test(lang));
  voice = chinese.find(({ lang }) => /CN/i.test(lang)) ?? chinese[0];
  button.classList.toggle("voiced", Boolean(voice));
}

function prepare() {
  const label = button.textContent;
  let left = [];
  let spoken = null;

  function mark(block) {
    spoken?.block.classList.remove("spoken");
    block?.classList.add("spoken");
    block?.scrollIntoView({ block: "nearest" });
  }

  function say() {
    const [block, words] = left[0] ?? [];
    mark(block);
    spoken = block ? { block, utterance: new SpeechSynthesisUtterance(words) } : null;
    button.textContent = spoken ? button.dataset.stop : label;
    if (!spoken) return;
    const { utterance } = spoken;
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.addEventListener("end", () => {
      // What was stopped ends too.
      if (spoken?.utterance !== utterance) return;
      left.shift();
      say();
    });
    synthesis.speak(utterance);
  }

  function stop() {
    mark(null);
    spoken = null;
    synthesis.cancel();
    button.textContent = label;
  }

  button.addEventListener("click", () => {
    if (spoken) {
      stop();
      return;
    }
    if (!left.length) left = sentences();
    say();
  });
  addEventListener("pagehide", stop);
}

if (button && synthesis) {
  prepare();
  offer();
  // Some browsers know their voices only after a while.
  synthesis.onvoiceschanged = offer;
}
