// Whether an input method is at work in the form: what it shows meanwhile are no words yet.

// The editor writes down what it ended with a moment later.
const AFTERWARDS = 150;
const LOOK_AGAIN = 100;

export class Composition {
  isRunning = false;

  constructor(form, onEnd) {
    let end = 0;
    form.addEventListener("compositionstart", () => {
      clearTimeout(end);
      this.isRunning = true;
    });
    form.addEventListener("compositionend", () => {
      end = setTimeout(() => {
        this.isRunning = false;
        onEnd();
      }, AFTERWARDS);
    });
  }

  async over() {
    while (this.isRunning) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}
