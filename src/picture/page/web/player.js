// Time: a moment between 0 and the last step, which plays, pauses and jumps.

const SECONDS = 8;  // The whole run takes this long at speed 1.
const LONGEST_FRAME = 100;  // After a pause of the browser the animation goes on where it was; milliseconds.

class Player {
  /** `changed()` is called behind every change but those of `advance`. */
  constructor(model, state, changed) {
    this.model = model;
    this.state = state;
    this.changed = changed;
    this.calm = window.matchMedia('(prefers-reduced-motion: reduce)');
    this.before = null;
  }

  /** Plays on, from the start when the end is reached. */
  play() {
    if (this.model.lastStep === 0) return;
    if (this.state.time >= this.model.lastStep) this.state.time = 0;
    this.state.playing = true;
    // Who prefers reduced motion sees steps and nothing between them.
    this.state.glides = !this.calm.matches;
    this.before = null;
    this.changed();
  }

  /** Stops on the last recorded step. */
  pause() {
    this.state.playing = false;
    this.state.glides = false;
    this.state.time = this.model.steps[lastAtMost(this.model.steps, this.state.time)] ?? 0;
    this.changed();
  }

  toggle() {
    if (this.state.playing) this.pause();
    else this.play();
  }

  /** Jumps to a step; what plays goes on playing from there. */
  seek(step) {
    this.state.time = Math.max(0, Math.min(this.model.lastStep, step));
    this.changed();
  }

  /** Goes by recorded steps, and stops there. */
  move(count) {
    const { steps } = this.model;
    const now = lastAtMost(steps, this.state.time);
    this.state.time = steps[Math.max(0, Math.min(steps.length - 1, now + count))] ?? 0;
    this.pause();
  }

  /** Lets the time since the last frame pass; `now` is in milliseconds. */
  advance(now) {
    const { state, model } = this;
    if (!state.playing) return;
    const passed = this.before === null ? 0 : Math.min(LONGEST_FRAME, now - this.before);
    this.before = now;
    state.time += (passed / 1000 / SECONDS) * state.speed * model.lastStep;
    if (state.time < model.lastStep) return;
    state.time = model.lastStep;
    this.pause();
  }
}
